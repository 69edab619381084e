package dev.cordon.redaction;

/**
 * Words of nine languages, and of the countries whose numbers these are, that say that such a
 * number follows: as the name of a field or in a sentence. Behind the colon the lines of {@link
 * IdTable} they can stand for, a letter for all lines of a kind, or what is told by its key alone:
 * {@code @n} the name of a person, {@code @o} the object of a person, whose {@code name} is one,
 * {@code @a} a street, {@code @p} a postal code, {@code @c} a town, {@code @b} a date of birth;
 * {@code @x} a wallet; {@code @m} the address of a network card; {@code @k} the number of an
 * account at a bank; {@code @r} an entry of a register of companies. A word of three letters with a
 * sign behind it is looked for wherever it stands. With {@code =} in front they are keys and no
 * words of a sentence.
 */
final class IdWords {
  static final String TEXT =
      """
      cpf,cadastro de pessoas: br.cpf
      cnpj,cadastro nacional da pessoa juridica,cadastro nacional da pessoa jurídica: br.cnpj
      pis,pasep,nis: br.pis
      dni: es.dni es.nie ar.dni pe.dni pe_dni
      documento nacional de identidad: es.dni es.nie ar.dni pe.dni pe_dni
      nie,numero de identidad de extranjero,número de identidad de extranjero,numero de identificacion de extranjero,número de identificación de extranjero: es.nie
      nif,n.i.f.: es.dni es.nie es.cif pt.nif dz.nif fr.spi es.nif
      cif,codigo de identificacion fiscal,código de identificación fiscal: es.cif ro.cui
      nuss,seguridad social,afiliacion: es.nuss mx.nss
      contribuinte,nipc: pt.nif
      nir,insee,securite sociale,sécurité sociale,numero de secu,numéro de sécu: fr.nir
      numero fiscal,numéro fiscal,identification fiscale,immatriculation fiscale: fr.spi pt.nif dz.nif gn.nif
      siren: fr.siren
      siret,company establishment: fr.siret
      codice fiscale,codicefiscale,cod. fisc.,codfisc: it.cf it.piva
      partita iva,p.iva,piva: it.piva
      steuer-id,steuerid,steueridentifikationsnummer,identifikationsnummer: de.idnr
      idnr: de.idnr za.id il.id
      steuernummer,steuer-nr,steuernr,st.-nr,stnr,st-nr,abgabenkontonummer,st nr: de.idnr at.stnr de_stnr
      ust-id,ustid,ustidnr,umsatzsteuer,umsatzsteuer-id,ust-idnr,mwst,mehrwertsteuer,mehrwertsteuernummer: de.ust at.uid ch.uid ch.mwst
      sozialversicherungsnummer,rentenversicherungsnummer,versicherungsnummer,svnr,rvnr,sv-nummer,vsnr,vnr: de.svnr at.svnr de.kvnr ch.ahv
      krankenversichertennummer,kvnr,krankenkasse,versichertennummer: de.kvnr de.svnr
      personalausweis,ausweisnummer,ausweis: de.perso passport
      ahv,avs number,avs,ahv-nummer,numero avs,numéro avs: ch.ahv
      bsn,burgerservicenummer,sofinummer,sofi: nl.bsn
      btw,btw-nummer: nl.btw be.vat be_vat
      rijksregister,registre national,numero national,numéro national,rijksregisternummer,insz,niss,bis number,bisnummer,bis: be.nn
      matricule,numero d'identification national: lu.nin
      nhs: gb.nhs
      nino,national insurance: gb.nino
      utr,unique taxpayer reference: gb.utr
      pps,ppsn,personal public service: ie.pps
      pesel: pl.pesel
      nip,numer identyfikacji podatkowej: pl.nip
      regon,rejestr gospodarki narodowej: pl.regon
      dowod osobisty,dowód osobisty,seria i numer: pl.dowod
      rodne cislo,rodné číslo,rodne c.,rodné číslo: cz.rc cz_rc9
      ico,ičo,dic,dič,ic dph,ič dph,identifikacni cislo,identifikační číslo,identifikačné číslo,cislo organizacie,cislo osoby,číslo organizácie,číslo osoby: cz.ico sk.dph cz.rc cz_rc9
      adoszam,adószám,adóazonosító,adoazonosito,anum: hu.adoszam hu.tin
      taj,taj szam,taj szám: hu.taj
      cnp,cod numeric personal: ro.cnp
      cui,cod unic: ro.cui pe.dni pe_dni
      egn,егн,единен граждански номер,личен номер на чужденец,лнч,pnf: bg.egn bg.pnf
      eik,bulstat,еик,булстат,ддс: bg.eik
      afm,αφμ,α.φ.μ,φπα,φ.π.α,fpa,αριθμός φορολογικού μητρώου: gr.afm
      amka,αμκα,αριθμός μητρώου κοινωνικής ασφάλισης: gr.amka
      oib: hr.oib
      emso,emšo,jmbg,jmb,embg: rs.jmbg
      davcna stevilka,davčna številka,davcna: si.ds
      pib,poreski identifikacioni,порески идентификациони: rs.pib me.pib
      isikukood: ee.ik
      registrikood: ee.reg
      asmens kodas,asmens: lt.ak
      personas kods: lv.pk
      hetu,henkilotunnus,henkilötunnus: fi.hetu
      y-tunnus,ytunnus: fi.ytunnus
      personnummer,pnr,samordningsnummer: se.pnr no.fnr
      organisationsnummer,organisasjonsnummer,orgnr,org.nr: se.orgnr no.orgnr
      fodselsnummer,fødselsnummer,fnr: no.fnr
      cpr: dk.cpr
      cvr: dk.cvr
      kennitala,kt.: is.kt
      tckn,kimlik,tckimlik: tr.tckn
      inn,инн,идентификационный номер,номер налогоплательщика: ru.inn
      snils,снилс: ru.snils
      ogrn,огрн,ogrnip,psrn,огрнип: ru.ogrn ru.ogrnip
      rnokpp,ипн,ідентифікаційний код,рнокпп,rntrc: ua.rnokpp
      unp,унп,учетный номер плательщика,учётный номер плательщика: by.unp
      iin,иин: kz.iin
      idno,idnp: md.idno
      cuit,cuil,codigo unico de identificacion,código único de identificación,identificacion laboral,identificación laboral: ar.cuit
      cbu,clave bancaria,clave bancaria uniforme: ar.cbu
      rut,rol único tributario,registro unico tributario,registro único tributario: cl.rut uy.rut
      rol unico: cl.rut
      nit,identificacion tributaria,identificación tributaria: co.nit co_nit gt.nit sv.nit ar.cuit
      cedula,cédula,cedula de identidad,cédula de identidad,cedula unica de identidad,cédula única de identidad: ec.ci do.cedula uy.ci co.nit cr_cpf cr_cr pe.dni pe_dni do_cedula
      rnc,registro nacional del contribuyente,registro nacional de contribuyentes: do.rnc
      ruc,registro unico de contribuyentes,registro único de contribuyentes: pe.ruc ec.ruc py.ruc
      rif,registro de identificacion fiscal,registro de identificación fiscal: ve.rif
      curp,clave unica de registro,clave única de registro,clave unica de registro de poblacion: mx.curp
      rfc,registro federal de contribuyentes,rfc ,rfc:,rfc=: mx.rfc
      clabe: mx.clabe
      nss: mx.nss es.nuss
      carne de identidad: cu.ni
      ssn,social security,socialsecurity: us.ssn at.svnr ch.ahv fr.nir be.nn gr.amka es.nuss mx.nss de.svnr
      itin: us.itin
      ein,fein,employer identification: us.ein
      npi,national provider: us.npi
      dea,dea number: us.dea
      mbi,medicare beneficiary,medicare: us.mbi au.medicare
      aba,routing number,routing transit,rtn,routing transport: us.aba
      sin,social insurance,assurance sociale: ca.sin
      business number: ca.bn au.abn C lei
      tfn,tax file: au.tfn
      abn: au.abn
      acn: au.acn
      ird: nz.ird
      aadhaar,aadhar,uidai: in.aadhaar
      permanent account,pan: in.pan
      gstin,gst: in.gstin ca.bn
      nric,fin number,nric/fin: sg.nric my.nric
      mykad: my.nric
      hkid: hk.id
      nik: id.nik
      npwp,nomor pokok wajib pajak: id.npwp id_npwp
      kewarganegaraan: id.nik
      mynumber,my number,individual number,マイナンバー,個人番号,kojin bango: jp.mynumber
      corporate number,法人番号,hōjin bangō,hojin bango: jp.corporate C lei
      rrn,jumin,resident registration,주민등록번호,주민 등록 번호: kr.rrn be.nn
      brn,business registration,사업자등록번호,사업자 등록 번호: kr.brn cn.uscc C lei
      身份证,身份證,居民身份证,公民身份号码,resident identity: cn.id
      uscc,统一社会信用代码,社会信用代码,social credit,social credit code: cn.uscc
      统一编号,統一編號,ubn,unified business number: cn.uscc tw.ubn
      身分證,身分證字號: tw.id hk.id
      mst,ma so thue,mã số thuế: vn.mst
      emirates id,eid: ae.eid be.eid
      iqama: sa.nid
      civil id: kw.civil
      teudat zehut,תעודת זהות,mispar zehut,מספר זהות: il.id
      kod melli,کد ملی: ir.nid
      cnic: pk.cnic
      nrt: ad.nrt
      nipt,nuis,numri i identifikimit: al.nipt
      unternehmens-identifikationsnummer,unternehmensidentifikationsnummer,uid-nummer,uid-nr,uid nr: ch.uid at.uid
      =uid: ch_che at_atu
      firmenbuch,firmenbuchnummer: at_fn
      voen,vöen,vergi ödəyicisinin: az.voen
      phn: ca.phn
      persona fisica,persona física: cr_cpf
      cpj,cedula juridica,cédula jurídica,persona juridica,persona jurídica: cr.cpj
      dimex,cedula de residencia,cédula de residencia: cr_cr
      الرقم الضريبي,tax registration: eg_tn
      =tax registration: eg_tn T C lei
      bank account,bank account no,bankaccount,bankaccountno,bankverbindung,cuenta bancaria,numero de cuenta,numero de cuenta bancaria,compte bancaire,numero de compte,conto corrente,numero di conto,conto bancario,conta bancaria,numero da conta,rekeningnummer,bankrekening,bankrekeningnummer,bank acct,bankacct,ach account,us bank account,銀行口座,口座番号,銀行口座番号,银行账号,银行账户,银行帐号: @k
      ccc,cuenta corriente,codigo cuenta,código cuenta: es.ccc
      veronumero: fi_vero
      alv,arvonlisavero,arvonlisävero: fi.ytunnus
      vinnutal,v-number: fo_vn
      upn,unique pupil: gb.upn
      nifp: gn.nif
      epic,voter id,elector photo,electoral photo: in.epic
      vid,virtual identity,virtual id: in.vid
      vsk,virdisaukaskatt,virðisaukaskatt: is_vsk
      pin,kra pin: ke.pin th.pin
      peid: li_peid
      nid: mu.nid
      nuit,número único de identificação,numero unico de identificacao,unico de identificacao tributaria,identificação tributaria,identificação tributária,identificacao tributaria: mz.nuit
      onderwijsnummer,student identification: nl.own
      kontonr,kontonummer,konto nr,bankkonto: no.konto no_konto
      mva,merverdiavgift: no.orgnr no.mva
      moms,mervardesskatt,mervärdesskatt: se.vat dk.cvr no.orgnr
      onrc,registrul comert,registrul comerţ,registrul comerț,registrul comertului,registrul comerţului,registrul comerțului: ro.onrc ro_onrc
      uen,unique entity,uen ,uen:,uen=: sg.uen
      maticna stevilka,matična številka,maticna,poslovnega registra: si.mat rs.jmbg
      ninea,identification nationale des entreprises: sn_ninea
      cae,código de actividad y establecimiento,codigo de actividad y establecimiento,activity establishment: es.cae
      referencia catastral,real estate property id,cadastral reference,referenciacatastral,refcatastral,ref. catastral,ref catastral: es_catastro
      moa,memorandum of association: th.moa
      matricule fiscal,identifiant fiscal unique: tn.mf tn_mf
      vkn,vergi kimlik,vergi no,vergi kimlik numarasi,vergi numarasi,vergi numarası: tr.vkn
      edrpou,єдрпоу,едрпоу,identifier for enterprises: ua.edrpou
      ptin: us.ptin
      מספר חברה,ח.פ: il.hp
      едб,edb,единствен даночен број,едниствен даночен број,даночен број: mk.edb
      pvm,pridetines vertes,pridėtinės vertės: lt.pvm
      pvn,pievienotas vertibas,pievienotās vērtības: lv.pvn lv.pk
      kmkr,kaibemaks,käibemaks: ee.kmkr
      ondernemingsnummer,nwst: be.vat be_vat
      ice,identifiant commun,التعريف الموحد,التعريف الموحد للمقاولة: ma.ice
      ric: cn.id
      =nn: be.nn
      =company identifier,enterprise identifier: C lei
      =national identifier,personal identification number: N S passport licence orcid
      =vat registration,vat registration number,taxpayer identification,taxpayer number,taxpayer registration number: T C N S passport licence orcid lei
      =hp: il.hp
      =ik: ee.ik
      identity document: za.id N
      =bn: ca.bn
      =ci: ec.ci
      =rc: cz.rc cz_rc9
      =cn: jp.corporate
      =cc: pt.cc
      =cf: ro.cui ro.cnp
      orcid: orcid
      lei: lei
      national id,nationalid,national identity,national identification,identity number,id number,identity card,id card,citizen id,personal id,personal number,personal code,identification number,birth number,identity code,personal identity,foreigner number,personal numbers,citizen number,citizen identification,identification code,national number,identifier of foreigner: N S passport licence orcid
      personenkennzahl,nationale identifikationsnummer,ausweis-nr,personenkennziffer: N passport licence orcid
      numero d'identite,numéro d'identité,carte d'identite,carte d'identité,identifiant national: N passport licence orcid
      numero de identidad,número de identidad,documento de identidad,cedula de ciudadania: N passport licence orcid
      carta d'identita,carta d'identità,numero di identita: N passport licence orcid
      bilhete de identidade,cartao de cidadao,cartão de cidadão,documento de identidade: N passport licence orcid
      identiteitsnummer,identiteitskaart,persoonsnummer: N passport licence orcid
      身份号码,证件号码,证件号: N passport licence orcid
      tax id,taxid,tin,tax number,taxnumber,tax identification,taxpayer,tax no,taxno,tax code,taxcode,vat,vat id,vatid,vatin,vat number,vatnumber,vat no,vatno,vat reg,tax reference,taxpayer registration,tax identifier,registro tributari,registre tributari,tax reg: T C N S passport licence orcid lei
      numero fiscal de contribuinte,identificacao fiscal,identificação fiscal: T
      número de identificación fiscal,identificacion fiscal,cedula fiscal: T C N passport licence orcid lei
      identifiant fiscal,numero de tva,numéro de tva,tva,iva,ddv,dph,davek: T C lei
      codice identificativo,numero di partita: T
      fiscaal nummer,belastingnummer,omzetbelasting: T N passport licence orcid
      税号,納税者番号,纳税人识别号: T C lei
      health id,health insurance,insurance number,patient number,health card,medical record,health number,patient identifier,personal health: H
      krankenversicherung,patientennummer: H
      numero de salud,tarjeta sanitaria,tessera sanitaria,carte vitale,numero de utente,número de utente,zorgverzekering: H fr.nir it.cf
      保険証番号,医保卡号: H
      company number,company registration,registration number,business id,organisation number,organization number,company id,company register,business identifier,organisation identifier,organization identifier,enterprise number,registration code,entity number,company identification,trade register,register of economic,economic units: C lei
      =handelsregisternummer,handelsregister nummer: @r
      handelsregister,firmennummer,numero d'entreprise,numéro d'entreprise,numero de empresa,kvk: C lei be.vat de_hr
      passport,passportno,passnummer,reisepass,reisepassnummer,passeport,pasaporte,passaporto,passaporte,paspoort,паспорт,護照,护照,旅券番号,パスポート,paspoortnummer,identiteitskaartnummer: passport nl.doc
      driver license,driver's license,drivers license,driving licence,driving license,driver licence,driverslicense,fuhrerschein,führerschein,permis de conduire,permiso de conducir,patente di guida,carta de conducao,carta de condução,rijbewijs,運転免許,驾驶证: licence
      =first name,last name,full name,given name,given names,family name,surname,middle name,maiden name,birth name,person name,customer name,contact name,patient name,employee name,cardholder,cardholder name,card holder name,account holder,account holder name,account holder name,recipient name,sender name,holder name,firstname,lastname,vorname,nachname,familienname,geburtsname,nom,prenom,prénom,nom complet,nom de famille,nombre,nombres,apellido,apellidos,nombre completo,nome,cognome,nome completo,sobrenome,apelido,voornaam,achternaam,volledige naam,姓名,氏名,名前,お名前: @n
      =customer,customers,owner,owners,shipping,billing,billing details,cardholder,contact,contacts,person,people,user,users,recipient,sender,author,committer,employee,employees,patient,member,members,guest,guests,passenger,passengers,holder,payer,payee,beneficiary,lead,leads,requester,assignee,individual,representative,subscriber,buyer,seller,client,kunde,cliente: @o
      =street,street name,street address,street 1,street 2,street1,street2,address,home address,billing address,shipping address,mailing address,postal address,residential address,address line,address line 1,address line 2,address line 3,address 1,address 2,line1,line2,addr,addr1,addr2,strasse,straße,anschrift,adresse,rue,calle,direccion,dirección,domicilio,indirizzo,via,endereco,endereço,rua,morada,adres,straat,straatnaam,住所,地址,house number,hausnummer,huisnummer: @a
      =postal code,postalcode,postcode,zip,zip code,zipcode,plz,postleitzahl,code postal,codigo postal,código postal,cap,cep,郵便番号,邮编: @p
      =city,town,locality,ort,wohnort,stadt,ville,ciudad,città,citta,cidade,woonplaats: @c
      =date of birth,dob,birth date,birthdate,birthday,born on,geburtsdatum,geburtstag,date de naissance,date naissance,fecha de nacimiento,fecha nacimiento,data di nascita,data nascita,data de nascimento,data nascimento,geboortedatum,生年月日,出生日期: @b
      wallet,wallet address,bitcoin,bitcoin address,btc address,ethereum,ethereum address,eth address,crypto address,litecoin,dogecoin: @x
      btc,eth,ltc,xmr,eth ,eth:,eth=,btc ,btc:,btc=,monero,monero address: @x
      mac,mac ,mac:,mac=,mac address,mac addr,macaddress,hardware address,physical address,ethernet address,bssid,hwaddr: @m
      """;

  private IdWords() {}
}
