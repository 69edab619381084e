package dev.cordon.redaction;

/**
 * Words of nine languages, and of the countries whose numbers these are, that say that such a
 * number follows: as the name of a field or in a sentence. Behind the colon the lines of {@link
 * IdTable} they can stand for, a letter for all lines of a kind, or what is told by its key alone:
 * {@code @n} the name of a person, {@code @o} the object of a person, whose {@code name} is one,
 * {@code @a} a street, {@code @p} a postal code, {@code @c} a town, {@code @b} a date of birth;
 * {@code @x} a wallet. With {@code =} in front they are keys and no words of a sentence.
 */
final class IdWords {
  static final String TEXT =
      """
      cpf,cadastro de pessoas: br.cpf
      cnpj,cadastro nacional da pessoa juridica: br.cnpj
      pis,pasep,nis: br.pis
      dni: es.dni es.nie ar.dni
      documento nacional de identidad: es.dni es.nie ar.dni
      nie,numero de identidad de extranjero: es.nie
      nif: es.dni es.nie es.cif pt.nif
      cif,codigo de identificacion fiscal: es.cif ro.cui
      nuss,seguridad social,afiliacion: es.nuss mx.nss
      contribuinte,nipc: pt.nif
      nir,insee,securite sociale,sécurité sociale,numero de secu,numéro de sécu: fr.nir
      numero fiscal,numéro fiscal: fr.spi pt.nif
      siren: fr.siren
      siret: fr.siret
      codice fiscale,codicefiscale,cod. fisc.,codfisc: it.cf it.piva
      partita iva,p.iva,piva: it.piva
      steuer-id,steuerid,steueridentifikationsnummer,identifikationsnummer,idnr: de.idnr
      steuernummer,steuer-nr,steuernr: de.idnr at.stnr
      ust-id,ustid,ustidnr,umsatzsteuer: de.ust at.uid ch.uid
      sozialversicherungsnummer,rentenversicherungsnummer,versicherungsnummer,svnr,rvnr,sv-nummer: de.svnr at.svnr de.kvnr
      krankenversichertennummer,kvnr,krankenkasse,versichertennummer: de.kvnr de.svnr
      personalausweis,ausweisnummer,ausweis: de.perso passport
      ahv,avs number,avs,ahv-nummer,numero avs,numéro avs: ch.ahv
      bsn,burgerservicenummer,sofinummer,sofi: nl.bsn
      btw,btw-nummer: nl.btw be.vat
      rijksregister,registre national,numero national,numéro national,rijksregisternummer,insz,niss: be.nn
      matricule,numero d'identification national: lu.nin
      nhs: gb.nhs
      nino,national insurance: gb.nino
      utr,unique taxpayer reference: gb.utr
      pps,ppsn,personal public service: ie.pps
      pesel: pl.pesel
      nip,numer identyfikacji podatkowej: pl.nip
      regon: pl.regon
      dowod osobisty,dowód osobisty,seria i numer: pl.dowod
      rodne cislo,rodné číslo,rodne c.,rodné číslo: cz.rc
      ico,ičo,dic,dič: cz.ico sk.dph
      adoszam,adószám,adóazonosító,adoazonosito: hu.adoszam hu.tin
      taj,taj szam,taj szám: hu.taj
      cnp,cod numeric personal: ro.cnp
      cui,cod unic: ro.cui
      egn,егн,единен граждански номер: bg.egn bg.pnf
      eik,bulstat,еик,булстат: bg.eik
      afm,αφμ,α.φ.μ: gr.afm
      amka,αμκα: gr.amka
      oib: hr.oib
      emso,emšo,jmbg,jmb,embg: rs.jmbg
      davcna stevilka,davčna številka,davcna: si.ds
      pib: rs.pib me.pib
      isikukood: ee.ik
      registrikood: ee.reg
      asmens kodas: lt.ak
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
      inn,инн: ru.inn
      snils,снилс: ru.snils
      ogrn,огрн,ogrnip: ru.ogrn ru.ogrnip
      rnokpp,ипн,ідентифікаційний код: ua.rnokpp
      unp,унп: by.unp
      iin,иин: kz.iin
      idno,idnp: md.idno
      cuit,cuil: ar.cuit
      cbu: ar.cbu
      rut: cl.rut uy.rut
      rol unico: cl.rut
      nit: co.nit gt.nit
      cedula,cédula,cedula de identidad,cédula de identidad: ec.ci do.cedula uy.ci co.nit
      rnc: do.rnc
      ruc: pe.ruc ec.ruc py.ruc
      rif: ve.rif
      curp: mx.curp
      rfc: mx.rfc
      clabe: mx.clabe
      nss: mx.nss es.nuss
      carne de identidad: cu.ni
      ssn,social security,socialsecurity: us.ssn
      itin: us.itin
      ein,fein,employer identification: us.ein
      npi,national provider: us.npi
      dea,dea number: us.dea
      mbi,medicare beneficiary,medicare: us.mbi au.medicare
      aba,routing number,routing transit,rtn: us.aba
      sin,social insurance,assurance sociale: ca.sin
      business number: ca.bn au.abn
      tfn,tax file: au.tfn
      abn: au.abn
      acn: au.acn
      ird: nz.ird
      aadhaar,aadhar,uidai: in.aadhaar
      permanent account: in.pan
      gstin,gst: in.gstin ca.bn
      nric,fin number,nric/fin: sg.nric my.nric
      mykad: my.nric
      hkid: hk.id
      nik: id.nik
      npwp: id.npwp
      kewarganegaraan: id.nik
      mynumber,my number,individual number,マイナンバー,個人番号: jp.mynumber
      corporate number,法人番号: jp.corporate
      rrn,jumin,resident registration,주민등록번호: kr.rrn
      brn,business registration,사업자등록번호: kr.brn cn.uscc
      身份证,身份證,居民身份证,公民身份号码,resident identity: cn.id
      uscc,统一社会信用代码,社会信用代码: cn.uscc
      统一编号,統一編號: cn.uscc
      身分證,身分證字號: tw.id hk.id
      mst,ma so thue,mã số thuế: vn.mst
      emirates id,eid: ae.eid
      iqama: sa.nid
      civil id: kw.civil
      teudat zehut,תעודת זהות: il.id
      kod melli,کد ملی: ir.nid
      cnic: pk.cnic
      orcid: orcid
      lei: lei
      national id,nationalid,national identity,national identification,identity number,id number,identity card,id card,citizen id,personal id,personal number,personal code,identification number: N S
      personenkennzahl,nationale identifikationsnummer,ausweis-nr,personenkennziffer: N
      numero d'identite,numéro d'identité,carte d'identite,carte d'identité,identifiant national: N
      numero de identidad,número de identidad,documento de identidad,cedula de ciudadania: N
      carta d'identita,carta d'identità,numero di identita: N
      bilhete de identidade,cartao de cidadao,cartão de cidadão,documento de identidade: N
      identiteitsnummer,identiteitskaart,persoonsnummer: N
      身份号码,证件号码,证件号: N
      tax id,taxid,tin,tax number,tax identification,taxpayer,tax no,tax code,vat,vat id,vatin,vat number,vatnumber,vat no,vat reg: T C N S
      numero fiscal de contribuinte,identificacao fiscal,identificação fiscal: T
      número de identificación fiscal,identificacion fiscal,cedula fiscal: T C N
      identifiant fiscal,numero de tva,numéro de tva,tva: T C
      codice identificativo,numero di partita: T
      fiscaal nummer,belastingnummer,omzetbelasting: T N
      税号,納税者番号,纳税人识别号: T C
      health id,health insurance,insurance number,patient number,health card,medical record,health number: H
      krankenversicherung,patientennummer: H
      numero de salud,tarjeta sanitaria,tessera sanitaria,carte vitale,numero de utente,número de utente,zorgverzekering: H fr.nir it.cf
      保険証番号,医保卡号: H
      company number,company registration,registration number,business id,organisation number,organization number,company id: C
      handelsregister,firmennummer,numero d'entreprise,numéro d'entreprise,numero de empresa,kvk: C be.vat
      passport,passportno,passnummer,reisepass,reisepassnummer,passeport,pasaporte,passaporto,passaporte,paspoort,паспорт,護照,护照,旅券番号,パスポート: passport
      driver license,driver's license,drivers license,driving licence,driving license,driver licence,driverslicense,fuhrerschein,führerschein,permis de conduire,permiso de conducir,patente di guida,carta de conducao,carta de condução,rijbewijs,運転免許,驾驶证: licence
      =first name,last name,full name,given name,given names,family name,surname,middle name,maiden name,birth name,person name,customer name,contact name,patient name,employee name,cardholder,cardholder name,card holder name,account holder,account holder name,account holder name,recipient name,sender name,holder name,firstname,lastname,vorname,nachname,familienname,geburtsname,nom,prenom,prénom,nom complet,nom de famille,nombre,nombres,apellido,apellidos,nombre completo,nome,cognome,nome completo,sobrenome,apelido,voornaam,achternaam,volledige naam,姓名,氏名,名前,お名前: @n
      =customer,customers,owner,owners,shipping,billing,billing details,cardholder,contact,contacts,person,people,user,users,recipient,sender,author,committer,employee,employees,patient,member,members,guest,guests,passenger,passengers,holder,payer,payee,beneficiary,lead,leads,requester,assignee,individual,representative,subscriber,buyer,seller,client,kunde,cliente: @o
      =street,street name,street address,street 1,street 2,street1,street2,address,home address,billing address,shipping address,mailing address,postal address,residential address,address line,address line 1,address line 2,address line 3,address 1,address 2,line1,line2,addr,addr1,addr2,strasse,straße,anschrift,adresse,rue,calle,direccion,dirección,domicilio,indirizzo,via,endereco,endereço,rua,morada,adres,straat,straatnaam,住所,地址,house number,hausnummer,huisnummer: @a
      =postal code,postalcode,postcode,zip,zip code,zipcode,plz,postleitzahl,code postal,codigo postal,código postal,cap,cep,郵便番号,邮编: @p
      =city,town,locality,ort,wohnort,stadt,ville,ciudad,città,citta,cidade,woonplaats: @c
      =date of birth,dob,birth date,birthdate,birthday,born on,geburtsdatum,geburtstag,date de naissance,date naissance,fecha de nacimiento,fecha nacimiento,data di nascita,data nascita,data de nascimento,data nascimento,geboortedatum,生年月日,出生日期: @b
      wallet,wallet address,bitcoin,bitcoin address,btc address,ethereum,ethereum address,eth address,crypto address,litecoin,dogecoin: @x
      btc,eth,ltc: @x
      """;

  private IdWords() {}
}
