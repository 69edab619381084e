package dev.cordon.redaction;

/**
 * Numbers that a state, a tax office, a health service, a register or a bank gives to people and
 * companies: what they look like and how their check digits follow. The facts are those that the
 * issuer behind the {@code #} publishes; written by hand for Cordon.
 *
 * <pre>
 * NAME KIND SHAPE CHECK... # ISSUER
 *
 * KIND   N national  T tax  H health  C company  B bank account  S US social security
 * SHAPE  d9 digits  l2 letters  w3 either  [ABC] one of these  'RT' itself; (AT) may stand in front
 * CHECK  w:WEIGHTS+C/MAP@P   the sum of products, plus C, modulo the length of MAP: the character at P
 *                            is that of MAP. Two weights and maps: the second where the first says ?;
 *                            MAP|MAP: either. A weight is a digit or a letter, A = 10
 *        x:WEIGHTS/MAP@P     the same with the digits of each product added up
 *        z:WEIGHTS+C/M       the sum is a multiple of M;   s:WEIGHTS%M=A-B  it is the number there
 *        n:P+A-B+S%M=C-D     the number from A to B, between P and S, modulo M is the number from C to
 *                            D; ~C-D: M minus it is; #MAP@P: the character of MAP at P is
 *        m:A-B%M             that number is a multiple of M
 *        luhn:A-B+C i11.10 i11-2 i97 verhoeff luhn36 odd26 brn ssn itin
 *        ymd:P%M dmy:P Ymd:P a date stands at P, the month modulo M
 *        vkn  the one of Turkey's tax office
 *        before them: e  a letter is two digits, A = 01;  f  the first, by
 *        the table of Taiwan;  o  2A and 2B are 19 and 18;  t:XYZ  the first is its place in XYZ;  k:P  without the character at P;
 *        y:ALPHABET  values of characters;  j  not where a sign joins more to it
 * </pre>
 */
final class IdTable {
  static final String TEXT =
      """
      ad.nrt T [ACDEFGLOPU]d6l1 # Departament de Tributs, no check digit
      al.nipt T (AL)[ABCDEFGHIJKLM]d8l1 # DPT, no check digit
      at_atu C 'ATU'd8 x:0001212121/6543210987@10 # BMF, UID with its country
      be_vat T (BE)d9 n:0-7%97~7-9 # KBO, without its first zero
      ch_che C 'CHE'd9 w:00054327654/0-987654321@11 # BFS, UID with its country
      ch.mwst T (CHE)d9'MWST' w:54327654/0-987654321@8 # BFS
      ch.mwst T (CHE)d9'TVA' w:54327654/0-987654321@8 # BFS
      ch.mwst T (CHE)d9'IVA' w:54327654/0-987654321@8 # BFS
      ch.mwst T (CHE)d9'TPV' w:54327654/0-987654321@8 # BFS
      co_nit T d11 w:A847186273/01987654321@10 j # DIAN, of a cedula
      co_nit T d9 w:47186273/01987654321@8 j # DIAN
      cz.dic T 'CZ'd9 ymd:0%50 # Financni sprava, persons
      cz.dic T 'CZ6'd8 # Financni sprava, special cases
      de_hr C 'HRA'd5 j # registers of companies, no check digit
      de_hr C 'HRA'd6 j # registers of companies
      de_hr C 'HRB'd5 j # registers of companies
      de_hr C 'HRB'd6 j # registers of companies
      do_cedula N d11 j # JCE, the many without a check digit that holds
      es.cae C 'ES000'd2w2d3l1 # Agencia Tributaria, excise
      es_catastro T w18l2 j # Catastro
      es.nif N [KLM]d7l1 n:1-8%23#TRWAGMYFPDXBNJZSQVHLCKE@8 # Agencia Tributaria, without DNI
      eu.oss T 'EU'd9 # one stop shop, no check digit in common
      fr.siret C '356000000'd5 z:11111111111111/5 # INSEE, La Poste
      gb.vat T 'GD'd3 # HMRC, government
      gb.vat T 'HA'd3 # HMRC, health
      id_npwp T d15 j # DJP
      id_npwp T d16 j # DJP, since 2024
      ie.pps N (IE)d7l1'T' w:8765432/WABCDEFGHIJKLMNOPQRSTUV@7 # Revenue, before 2013
      ie.pps N (IE)d7l1'W' w:8765432/WABCDEFGHIJKLMNOPQRSTUV@7 # Revenue, before 2013
      no.mva T (NO)d9'MVA' w:32765432/0-987654321@8 # Bronnoysund
      at_fn C (FN)d6l1 # Firmenbuch, no public check
      at_fn C (FN)d5l1 # Firmenbuch
      az.voen T d9[12] w:41862753/0123456789-@8 # taxes.gov.az
      az.voen T d8[12] w:1862753/0123456789-@7 # with its first zero left out
      be.eid N d12 n:0-10%97=10-12 # card number
      be.eid N d10'97' m:0-10%97 # card number
      ca.phn H '9'd9 w:02485A973/0-987654321@9 # British Columbia
      cr_cpf N '0'd9 # TSE, no check digit
      cr_cpf N [123456789]d8 # TSE, without its first zero
      cr.cpj T [2345]d9 # Registro Nacional, no check digit
      cr_cr N '1'd10 # DGME, no check digit
      cr_cr N '1'd11 # DGME
      de_stnr T d10 # states, no check digit in common
      de_stnr T d11 # states
      de_stnr T d13 # federal form
      dz.nif T d15 # DGI, no check digit
      dz.nif T d20 # DGI
      eg_tn T d9 # ETA, no check digit
      es.ccc B d20 w:485A9736/01987654321@8 w:000000000012485A9736/01987654321@9 # Banco de Espana
      fi_vero T d12 # Verohallinto, no check digit
      fo_vn T (FO)d6 # TAKS, no check digit
      gb.upn N l1d12 w:023456789ABCD/ABCDEFGHJKLMNPQRTUVWXYZ@0 # DfE
      gh.tin T [PCGQV]'00'd7w1 w:0123456789/0123456789X@10 # GRA
      gn.nif T d9 luhn # DNI
      in.epic N l3d7 luhn:3-10 # Election Commission
      in.vid N [23456789]d15 verhoeff # UIDAI
      is_vsk T (IS)d5 # Skatturinn, no check digit
      is_vsk T (IS)d6 # Skatturinn
      ke.pin T [AP]d9l1 # KRA, no public check
      li_peid T d7 # no check digit
      li_peid T d11 # no check digit
      li_peid T d8 j # no check digit
      li_peid T d9 j # no check digit
      li_peid T d10 j # no check digit
      li_peid T d12 j # no check digit
      mu.nid N l1d12w1 w:EDCBA98765432/0GFEDCBA987654321@13 dmy:1 # Civil Status Division
      mz.nuit T d9 w:89456789/01234567891@8 # Autoridade Tributaria
      nl.own N '10'd7 w:98765432/6789-012345@8 # onderwijsnummer, DUO
      nl.doc N l2w6d1 # passports and cards, no check digit in print
      no.konto B d11 w:6789456789/0123456789-@10 # Bits
      no_konto B d7 luhn # postal account
      no_konto B '0000'd7 luhn:4-11 # postal account
      om.vat T 'OM'd9w1 w:00000016379+1/0123456789X@11 # Tax Authority
      pe.dni N d8w1 w:32765432/65432110987|KJIHGFEDCBA@8 # RENIEC
      pe_dni N d8 # RENIEC, without its check digit
      pt.cc N d9w2d1 luhn # IRN
      ro.onrc C [FJC]d13 t:F---J--C w:1111111111111/0123456789@13 # ONRC, since 2024
      ro_onrc C [FJ]d7 j # ONRC
      ro_onrc C [FJC]d12 j # ONRC, with the day
      ro_onrc C [FJC]d13 j # ONRC
      ro_onrc C [FJC]d14 j # ONRC
      ro_onrc C [FJC]d15 j # ONRC
      ro_onrc C [FJC]d8 # ONRC, county, number and year
      ro_onrc C [FJC]d9 # ONRC
      ro_onrc C [FJC]d10 # ONRC
      ro_onrc C [FJC]d11 # ONRC
      sg.uen C d8l1 w:A4938271/XMKECAWLJDB@8 # ACRA, businesses
      sg.uen C d9l1 w:A86497531/ZKCMDNERGWH@9 # ACRA, companies
      sg.uen C [RST]d2l2d4w1 y:ABCDEFGHJKLMNPQRSTUVWX0123456789 w:4353A2257+6/ABCDEFGHJKL@9 # ACRA
      si.mat C d7 w:765432/-0987654321@6 # AJPES
      si.mat C d7w1d2 w:765432/-0987654321@6 # AJPES, a part of a company
      sn_ninea T d7 # no public check
      sn_ninea T d9 # no public check
      sn_ninea T d7d1l1d1 # with the COFI
      sn_ninea T d9d1l1d1 # with the COFI
      sv.nit T (SV)[019]d13 w:EDCBA98765432/01234567890@13 # Ministerio de Hacienda
      sv.nit T (SV)[019]d13 w:2765432765432/00987654321@13 # Ministerio de Hacienda
      th.moa C '0'd12 w:DCBA98765432/10987654321@12 # DBD
      tn_mf T d6[ABCDEFGHJKLMNPQRSTVWXYZ] j # DGI, without its first zero
      tn_mf T d6[ABCDEFGHJKLMNPQRSTVWXYZ][APBDN][MPCNE]d3 # DGI
      tn.mf T d7[ABCDEFGHJKLMNPQRSTVWXYZ] # DGI, no public check
      tn.mf T d7[ABCDEFGHJKLMNPQRSTVWXYZ][APBDN][MPCNE]d3 # DGI
      tr.vkn T d10 vkn # GIB
      tw.ubn C d8 x:1212124/04321|59876@7 # MOF
      tw.ubn C d6'7'd1 x:1212124/43210|98765@7 # MOF
      ua.edrpou C [0126789]d7 w:1234567,3456789/0123456789?,01234567890@7 # Minjust
      ua.edrpou C [345]d7 w:7123456,9345678/0123456789?,01234567890@7 # Minjust
      us.ptin T 'P'd8 # IRS, no check digit
      za.tin T [01239]d9 luhn # SARS
      cz_rc9 N d9 ymd:0%50 # rodne cislo before 1954, no check digit
      ie.vat T (IE)d1l1d5l1 w:2076543/WABCDEFGHIJKLMNOPQRSTUV@7 # Revenue, before 2013
      fr.nir N [12378]d4'2A'd8 o n:0-13%97~13-15 # INSEE, Corsica
      fr.nir N [12378]d4'2B'd8 o n:0-13%97~13-15 # INSEE, Corsica
      fr.tva T (FR)l1d10 luhn:2-11 # DGFiP, its key with a letter
      fr.tva T (FR)d1l1d9 luhn:2-11 # DGFiP
      br.cnpj C w12d2 y:0123456789*******ABCDEFGHIJKLMNOPQRSTUVWXYZ w:543298765432/00987654321@12 w:6543298765432/00987654321@13 # Receita Federal, since 2026
      by.unp C [ABCEHKM][ABCEHKMOPT]d7 # tax register, persons
      nl.btw T 'NL'd9'B'd2 i97 # Belastingdienst, since 2020
      il.id N d8 luhn # without its first zero
      py.ruc T d7 w:765432/00987654321@6 # SET
      py.ruc T d6 w:65432/00987654321@5 # SET
      py.ruc T d5 w:5432/00987654321@4 # SET
      gt.nit T d5w1 w:65432/0K987654321@5 # SAT
      gt.nit T d4w1 w:5432/0K987654321@4 # SAT
      mx.rfc T l4d6 ymd:4 # SAT, without its last three
      vn.mst T d13 w:VTNJHD753/-9876543210@9 # GDT, a branch
      at.svnr H d10 w:3790584216/0123456789-@3 # Dachverband der Sozialversicherungstraeger
      at.uid T (ATU)d8 x:1212121/6543210987@7 # BMF, UID
      at.stnr T d9 x:12121212/0987654321@8 # BMF, Abgabenkontonummer
      be.nn N d11 n:0-9%97~9-11 # Rijksregister, born before 2000
      be.nn N d11 n:2+0-9%97~9-11 # Rijksregister, born since
      be.vat T (BE)[01]d9 n:0-8%97~8-10 # KBO
      bg.egn N d10 w:2485A9736/01234567890@9 ymd:0%20 # GRAO
      bg.pnf N d10 w:LJHDB9731/0123456789@9 # personal number of a foreigner
      bg.eik C d9 w:12345678,3456789A/0123456789?,01234567890@8 # BULSTAT
      by.unp C d9 w:TNJHD753/0123456789-@8 # tax register
      ch.ahv N '756'd10 w:131313131313/0987654321@12 # ZAS, EAN-13
      ch.uid C (CHE)d9 w:54327654/0-987654321@8 # BFS
      cy.vat T (CY)d8l1 odd26 # letter of odd and even places
      cz.rc N d10 m:0-10%11 ymd:0%50 # rodne cislo
      cz.ico C (CZ)d8 w:8765432/10987654321@7 # ICO and DIC
      de.idnr T [123456789]d10 i11.10 # BZSt
      de.ust T (DE)d9 i11.10 # BZSt
      de.svnr H d8l1d3 e x:212571212121/0123456789@12 # DRV
      de.kvnr H l1d9 e x:1212121212/0123456789@10 # GKV
      de.perso N w9d1 w:731731731/0123456789@9 # ICAO 9303
      dk.cpr N d10 dmy:0 # no check digit since 2007
      dk.cvr C (DK)d8 z:27654321/11 # Erhvervsstyrelsen
      ee.ik N [12345678]d10 w:1234567891,3456789123/0123456789?,01234567890@10 ymd:1 # isikukood
      ee.reg C d8 w:1234567,3456789/0123456789?,01234567890@7 # registrikood
      ee.kmkr T (EE)d9 z:371371371/10 # KMKR
      es.dni N d8l1 n:0-8%23#TRWAGMYFPDXBNJZSQVHLCKE@8 # Ministerio del Interior
      es.nie N [XYZ]d7l1 t:XYZ n:0-8%23#TRWAGMYFPDXBNJZSQVHLCKE@8 # Ministerio del Interior
      es.cif C (ES)[ABCDEFGHJKLMNPQRSUVW]d7w1 x:02121212/0987654321|JIHGFEDCBA@8 # Agencia Tributaria
      es.nuss H d12 n:0-10%97=10-12 # Seguridad Social
      fi.hetu N d9w1 n:0-9%31#0123456789ABCDEFHJKLMNPRSTUVWXY@9 dmy:0 # DVV, with a dash
      fi.hetu N d6[ABCDEFYXWVU]d3w1 k:6 n:0-9%31#0123456789ABCDEFHJKLMNPRSTUVWXY@9 dmy:0 # DVV
      fi.ytunnus C (FI)d8 w:79A5842/0-987654321@7 # PRH
      fr.nir N [12378]d14 n:0-13%97~13-15 # INSEE
      fr.spi T [0123]d12 n:0-10%511=10-13 # DGFiP
      fr.siren C d9 luhn # INSEE
      fr.siret C d14 luhn # INSEE
      fr.tva T (FR)d11 n:2-11+12%97=0-2 # DGFiP
      gb.nhs H d10 w:A98765432/0-987654321@9 # NHS data dictionary
      gb.nino N [ABCEGHJKLMNOPRSTWXYZ][ABCEGHJKLMNPRSTWXYZ]d6[ABCD] # HMRC, no check digit
      gb.utr T d10 w:06789A5432/21987654321@0 # HMRC
      gb.vat T (GB)d9 z:8765432A1/97 # HMRC
      gb.vat T (GB)d9 z:8765432A1+55/97 # HMRC, since 2009
      gr.afm T (EL)d9 w:379A5842/01234567890@8 # AADE
      gr.amka H d11 luhn dmy:0 # IDIKA
      hr.oib N (HR)d11 i11.10 # Porezna uprava
      hu.adoszam T (HU)d8 w:9731973/0987654321@7 # NAV
      hu.adoszam T d11 w:9731973/0987654321@7 # NAV
      hu.tin T '8'd9 w:123456789/0123456789-@9 # NAV, adoazonosito jel
      hu.taj H d9 w:37373737/0123456789@8 # NEAK
      ie.pps N (IE)d7l1 w:8765432/WABCDEFGHIJKLMNOPQRSTUV@7 # Revenue
      ie.pps N (IE)d7l2 w:876543209+11/WABCDEFGHIJKLMNOPQRSTUV@7 # Revenue
      is.kt N d10 w:32765432/0-987654321@8 # Registers Iceland
      it.cf N l6w2l1w2l1w3l1 odd26 # Agenzia delle Entrate
      it.piva T (IT)d11 luhn # Agenzia delle Entrate
      lt.ak N [123456]d10 w:1234567891,3456789123/0123456789?,01234567890@10 ymd:1 # Registru centras
      lt.pvm T (LT)d9 w:12345678,34567891/0123456789?,01234567890@8 # VMI
      lt.pvm T (LT)d12 w:12345678912,34567891234/0123456789?,01234567890@11 # VMI
      lu.nin N d13 luhn:0-12 Ymd:0 # CTIE
      lu.tva T (LU)d8 n:0-6%89=6-8 # AED
      lv.pk N d11 w:A584216379/12345678900@10 # PMLP
      lv.pvn T (LV)[456789]d10 w:91483A2576/3210-987654@10 # VID
      md.idno C d13 w:731731731731/0123456789@12 # ASP
      me.pib C d8 w:8765432/00987654321@7 # PIB
      mk.edb T (MK)d13 w:765432765432/00987654321@12 # UJP
      mt.vat T (MT)d8 z:346789A1/37 # CFR
      mt.id N d7[ABGHLMPZ] # no check digit
      nl.bsn N d9 w:98765432/0123456789-@8 # RvIG
      nl.btw T (NL)d9'B'd2 w:98765432/0123456789-@8 # Belastingdienst
      no.fnr N d11 w:376189452/0-987654321@9 w:5432765432/0-987654321@10 # Skatteetaten
      no.orgnr C (NO)d9 w:32765432/0-987654321@8 # Bronnoysund
      pl.pesel N d11 w:1379137913/0987654321@10 # MSWiA
      pl.nip T (PL)d10 w:657234567/0123456789-@9 # MF
      pl.regon C d9 w:89234567/01234567890@8 # GUS
      pl.regon C d14 w:2485097361248/01234567890@13 # GUS
      pl.dowod N l3d6 w:731073173/0123456789@3 # MSWiA
      pt.nif T (PT)[1235689]d8 w:98765432/00987654321@8 # AT
      ro.cnp N [12345678]d12 w:279146358279/01234567891@12 ymd:1 # DEPABD
      ro.cui T (RO)d10 w:753217532/00987654321@9 # ANAF
      ro.cui T (RO)d9 w:53217532/00987654321@8 # ANAF
      ro.cui T (RO)d8 w:3217532/00987654321@7 # ANAF
      ro.cui T (RO)d7 w:217532/00987654321@6 # ANAF
      rs.jmbg N d13 w:765432765432/0-987654321@12 # JMBG, EMSO, EMBG
      rs.pib T d9 i11.10 # Poreska uprava
      ru.inn T d10 w:24A359468/01234567890@9 # FNS
      ru.inn T d12 w:724A359468/01234567890@10 w:3724A359468/01234567890@11 # FNS
      ru.snils N d11 s:987654321%101=9-11 # SFR
      ru.ogrn C d13 n:0-12%11#01234567890@12 # FNS
      ru.ogrnip C [34]d14 n:0-14%13#0123456789012@14 # FNS
      se.pnr N d10 luhn # Skatteverket
      se.pnr N d12 luhn:2-12 # Skatteverket
      se.orgnr C d10 luhn # Bolagsverket
      se.vat T (SE)d12 luhn:0-10 # Skatteverket
      se.vat T d10'01' luhn:0-10 # Skatteverket
      si.ds T (SI)[123456789]d7 w:8765432/-0987654321@7 # FURS
      sk.dph T (SK)d10 m:0-10%11 # Financna sprava
      tr.tckn N [123456789]d10 w:797979797/0123456789@9 w:1111111111/0123456789@10 # NVI
      ua.rnokpp T d10 w:A57946A57/01234567890@9 # DPS
      ar.cuit T d11 w:5432765432/09987654321@10 # AFIP
      ar.dni N d8 # no check digit
      ar.cbu B d22 w:7139713/0987654321@7 w:000000003971397139713/0987654321@21 # BCRA
      br.cpf T d11 w:A98765432/00987654321@9 w:BA98765432/00987654321@10 # Receita Federal
      br.cnpj C d14 w:543298765432/00987654321@12 w:6543298765432/00987654321@13 # Receita Federal
      br.pis N d11 w:3298765432/00987654321@10 # Caixa
      ca.sin N d9 luhn # ESDC
      ca.bn C d9 luhn # CRA
      ca.bn C d9'R'[CMPT]d4 luhn:0-9 # CRA
      cl.rut N (CL)d8w1 w:32765432/0K987654321@8 # SII
      cl.rut N d7w1 w:2765432/0K987654321@7 # SII
      co.nit T d10 w:847186273/01987654321@9 # DIAN
      cu.ni N d11 ymd:0 # no check digit
      do.cedula N d11 luhn # JCE
      do.rnc C d9 w:79865432/21987654321@8 # DGII
      ec.ci N d10 luhn # Registro Civil
      ec.ruc T d10'001' luhn:0-10 # SRI, persons
      ec.ruc T d10'001' w:432765432/0-987654321@9 # SRI, companies
      ec.ruc T d9'0001' w:32765432/0-987654321@8 # SRI, public
      gt.nit T d6w1 w:765432/0K987654321@6 # SAT
      gt.nit T d7w1 w:8765432/0K987654321@7 # SAT
      gt.nit T d8w1 w:98765432/0K987654321@8 # SAT
      mx.curp N l4d6[HM]l5w1d1 y:0123456789ABCDEFGHIJKLMN*OPQRSTUVWXYZ w:IHGFEDCBA98765432/0987654321@17 # RENAPO
      mx.rfc T l4d6w3 ymd:4 # SAT, persons; the check digit is not always right
      mx.rfc T l3d6w3 ymd:3 # SAT, companies
      mx.nss H d11 luhn # IMSS
      mx.clabe B d18 w:37137137137137137/0987654321@17 # ABM
      pe.ruc T [12]d10 w:5432765432/10987654321@10 # SUNAT
      py.ruc T d9 w:98765432/00987654321@8 # SET
      py.ruc T d8 w:8765432/00987654321@7 # SET
      us.ssn S d9 ssn # SSA, ranges
      us.itin T '9'd8 itin # IRS, ranges
      us.ein T d9 # IRS, no check digit
      us.npi H [12]d9 luhn+24 # CMS, with the prefix 80840
      us.dea H [ABCDEFGHJKLMPRSTUX]w1d7 w:00121212/0123456789@8 # DEA
      us.mbi H [123456789]l1w1d1l1w1d1l2d2 # CMS, no check digit
      us.aba B d9 z:371371371/10 # ABA
      uy.rut T (UY)d12 w:43298765432/0-987654321@11 # DGI
      uy.ci N d8 w:2987634/0987654321@7 # DNIC
      ve.rif T [V]d9 w:032765432+4/00987654321@9 # SENIAT
      ve.rif T [E]d9 w:032765432+8/00987654321@9 # SENIAT
      ve.rif T [J]d9 w:032765432+12/00987654321@9 # SENIAT
      ve.rif T [P]d9 w:032765432+16/00987654321@9 # SENIAT
      ve.rif T [G]d9 w:032765432+20/00987654321@9 # SENIAT
      ae.eid N '784'd12 luhn # ICP
      au.tfn T d9 z:14375869A/11 # ATO
      au.tfn T d8 z:A7846351/11 # ATO
      au.abn C d11 z:A13579BDFHJ+79/89 # ABR
      au.acn C d9 w:87654321/0987654321@8 # ASIC
      au.medicare H [23456]d9 w:13791379/0123456789@8 # Services Australia
      au.medicare H [23456]d10 w:13791379/0123456789@8 # Services Australia, with the person
      cn.id N d17w1 i11-2 Ymd:6 # GB 11643
      cn.uscc C w18 y:0123456789ABCDEFGHJKLMNPQRTUWXY w:139RJQGHKTPD8OAUS/0YXWUTRQPNMLKJHGFEDCBA987654321@17 # GB 32100
      hk.id N l1d6w1 z:87654321+5/11 # Immigration Department
      hk.id N l2d6w1 z:987654321/11 # Immigration Department
      id.nik N d16 dmy:6 # no check digit
      id.npwp T d15 luhn:0-9 # DJP
      il.id N d9 luhn # Population Authority
      il.hp C '5'd8 luhn # Registrar of companies
      in.aadhaar N [23456789]d11 verhoeff # UIDAI
      in.pan T l3[ABCFGHJLPT]l1d4l1 # Income Tax Department, no public check
      in.gstin T d2l5d4l1w1'Z'w1 luhn36 # GSTN
      ir.nid N d10 w:A98765432/01987654321@9 # NOCR
      jp.mynumber N d12 w:65432765432/00987654321@11 # J-LIS
      jp.corporate C d13 w:0212121212121/987654321@0 # NTA
      kr.rrn N d13 w:234567892345/10987654321@12 # MOIS
      kr.brn C d10 brn # NTS
      kw.civil N [23]d11 ymd:1 # PACI; the check digit is left out
      kz.iin N d12 w:123456789AB,3456789AB12/0123456789?,0123456789-@11 # eGov
      ma.ice C d15 m:0-15%97 # DGI
      my.nric N d12 ymd:0 # no check digit
      nz.ird T (NZ)d8 w:2765432,4325276/0?987654321,0-987654321@7 # Inland Revenue
      nz.ird T (NZ)d9 w:32765432,74325276/0?987654321,0-987654321@8 # Inland Revenue
      pk.cnic N [1234567]d12 # no check digit
      sa.nid N [12]d9 luhn # NIC
      sg.nric N [S]d7l1 w:02765432/JZIHGFEDCBA@8 # ICA
      sg.nric N [T]d7l1 w:02765432+4/JZIHGFEDCBA@8 # ICA
      sg.nric N [F]d7l1 w:02765432/XWUTRQPNMLK@8 # ICA
      sg.nric N [G]d7l1 w:02765432+4/XWUTRQPNMLK@8 # ICA
      sg.nric N [M]d7l1 w:02765432+3/XWUTRQPNJLK@8 # ICA
      th.pin N [12345678]d12 w:DCBA98765432/10987654321@12 # DOPA
      tw.id N l1[1289]d8 f z:19876543211/10 # NIA
      vn.mst T d10 w:VTNJHD753/-9876543210@9 # GDT
      za.id N d13 luhn ymd:0 # Home Affairs
      passport N w7
      passport N w8
      passport N w9
      passport N d9
      licence N w7
      licence N w8
      licence N w9
      licence N w10
      licence N w12
      licence N w13
      licence N w16
      orcid N d15w1 i11-2
      lei C w18d2 i97
      """;

  private IdTable() {}
}
