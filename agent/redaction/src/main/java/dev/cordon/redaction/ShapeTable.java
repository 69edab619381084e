package dev.cordon.redaction;

/**
 * Credentials of vendors by shape: facts that the vendors print in their documentation or that
 * public rule sets (gitleaks, MIT) know by the same prefixes and lengths, written by hand for
 * Cordon. A constant of a class, not a resource: a cold JVM opens a resource in five milliseconds.
 *
 * <pre>
 * PREFIX PART...   a credential that its prefix tells; upper and lower case count
 * ~ WORD PART...   one that only a name tells, as in WORD_api_key = VALUE; any letter case
 * ! WORD PART...   the same, and the word itself says that it is one
 * < WORD PART...   the first part stands in front of the word, the others behind it
 *
 * A part is a class of characters and how many: h32, b20+, w10-99; 'TEXT stands for itself.
 *   d digit  h lower hex  H hex  l lower  u upper  a lower or digit  A upper or digit
 *   w letter or digit  b also - and _  s also - _ + / =  x also . - _  z also . - _ ~
 *   e also + / = . - _ ~ % !
 * Without a plus a character of the last class must not follow. A plus stands last.
 * </pre>
 */
final class ShapeTable {
  static final String TEXT =
      """
      glpat- b20+
      sgp_local_ H40
      glptt- h40
      glrt- b20+
      gldt- b20+
      glft- b20+
      glsoat- b20+
      glcbt- b20+
      glagent- b50+
      gloas- b64
      glimt- b25+
      glffct- b20+
      GR1348941 b20+
      npm_ w36
      pypi-AgEIcHlwaS5vcmc b50+
      pypi-AgENdGVzdC5weXBp b50+
      rubygems_ h48
      sk-ant-api03- b80+
      sk-ant-admin01- b80+
      sk-ant-oat01- b80+
      sk-ant-sid01- b80+
      sk-proj- b20+
      sk-svcacct- b20+
      sk-admin- b20+
      sk-None- b20+
      sk-or-v1- h64
      sk-lf- h8 '- h4 '- h4 '- h4 '- h12
      SG. b16-32 '. b16+
      shpat_ H32
      shpca_ H32
      shppa_ H32
      shpss_ H32
      shpua_ H32
      pat-na1- H8 '- H4 '- H4 '- H4 '- H12
      pat-na2- H8 '- H4 '- H4 '- H4 '- H12
      pat-eu1- H8 '- H4 '- H4 '- H4 '- H12
      pat-ap1- H8 '- H4 '- H4 '- H4 '- H12
      EAAC w50+
      EAAG w50+
      EAAB w50+
      EAAL w50+
      EAAM w50+
      EAAJ w50+
      EAAI w50+
      EAAE w50+
      EAAW w50+
      EAAN w50+
      IGQV b50+
      figd_ b40+
      figo_ b40+
      lin_api_ w40
      lin_oauth_ w64
      dop_v1_ h64
      doo_v1_ h64
      dor_v1_ h64
      dapi h32
      dp.pt. w43
      dp.st. x43+
      dp.ct. w43
      dp.sa. w43
      dp.scim. w43
      dp.audit. w43
      hf_ w34
      api_org_ w34
      glsa_ w32 '_ H8
      glc_ s32+
      hvs. b90+
      hvb. b90+
      hvr. b90+
      tskey-api- b15+
      tskey-auth- b15+
      tskey-client- b15+
      tskey-webhook- b15+
      NRAK- w27
      NRJS- h19
      NRII- b32
      NRAA- h27
      NRRA- h42
      NRIQ- b32
      PMAK- H24 '- H34
      rdme_ a70
      sntryu_ h64
      sntrys_ s60+
      sntryi_ h60+
      pscale_tkn_ e32+
      pscale_pw_ e32+
      pscale_oauth_ e32+
      pul- h40
      LTAI w12-24
      AGE-SECRET-KEY-1 A58
      key- h32
      pubkey- h32
      duffel_test_ s43
      duffel_live_ s43
      EZAK w54
      EZTK w54
      FLWSECK_TEST- b12+
      FLWSECK- b12+
      FLWPUBK_TEST- b12+
      fio-u- s64
      shippo_live_ H40
      shippo_test_ H40
      sq0atp- b22+
      sq0csp- b43+
      EAAAE b50+
      xkeysib- h64 '- w16
      xsmtpsib- h64 '- w16
      secret_ w43
      ntn_ w46
      CLOJARS_ w60
      clojars_ w60
      CCIPAT_ w22 '_ H40
      ATATT3 s180+
      ATCTT3 s180+
      ATBB w32
      dckr_pat_ b27+
      dckr_oat_ b27+
      fo1_ b43
      fm1_ s100+
      fm2_ s100+
      fm1r_ s100+
      fm1a_ s100+
      frk_ w20+
      gsk_ w52
      pplx- w48
      xai- w80
      fw_ w24
      tvly- w32
      jina_ b50+
      csk- w48
      nvapi- b60+
      lsv2_pt_ h32 '_ h10
      lsv2_sk_ h32 '_ h10
      pcsk_ b40+
      sbp_ h40
      sb_secret_ b30+
      vercel_blob_rw_ b30+
      vcp_ w50+
      nfp_ w36
      nfc_ w36
      nfu_ w36
      rnd_ w28
      rpa_ w40
      ES_ h32
      phx_ w40+
      phs_ w40+
      ops_eyJ s200+
      ABSK s100+
      bedrock-api-key- s100+
      amzn.mws. h8 '- h4 '- h4 '- h4 '- h12
      amzn1.oa2-cs.v1. h60+
      akab- b16 '- b16
      waka_ H8 '- H4 '- H4 '- H4 '- H12
      sl.B b130+
      sl.u. b130+
      oy2 a43
      apify_api_ w36
      AKCp w69+
      cmVmdGtu w56+
      bkua_ h40
      CFPAT- b43
      dt0c01. w24 '. w64
      dt0s16. w8 '. w64
      dt0s02. w8 '. w64
      pnu_ w36
      polar_oat_ b32+
      polar_pat_ b32+
      rzp_live_ w14
      rzp_test_ w14
      re_ w8 '_ w24
      sgp_ H40
      squ_ h40
      sqp_ h40
      sqa_ h40
      SWMTKN-1- a49 '- a25
      tfp_ e59
      zpka_ w30+
      aio_ w28
      SCW A17
      ory_at_ b40+
      ory_rt_ b40+
      ory_st_ w32
      ory_ac_ b40+
      ico- w32
      sk_prod_ w20+
      mlsn. h64
      access-sandbox- h8 '- h4 '- h4 '- h4 '- h12
      access-production- h8 '- h4 '- h4 '- h4 '- h12
      access-development- h8 '- h4 '- h4 '- h4 '- h12
      glpat- b27-300 '. a9
      glrt- b27-300 '. a9
      ACCA A16
      authress_ w5-30 '. w4-6 '.acc b1 b10-32 '. e30+
      scauth_ w5-30 '. w4-6 '.acc b1 b10-32 '. e30+
      sc_ w5-30 '. w4-6 '.acc b1 b10-32 '. e30+
      ext_ w5-30 '. w4-6 '.acc b1 b10-32 '. e30+
      dnkey- s26 '- s52
      eyJrIjoi s70+
      _gitlab_session= w32
      pat. b22 '. w24 '. w20
      sat. b22 '. w24 '. w20
      HRKU-AA b58
      A3- A6 '- A11 '- A5 '- A5 '- A5
      A3- A6 '- A6 '- A5 '- A5 '- A5 '- A5
      p8e- w32
      4b1d w38
      v1.0- h24 '- h146
      cmVmd w59
      A3T A17
      s-s4t2ud- H64
      s-s4t2af- H64
      webhook.office.com/webhookb2/ b36 '@ b36 '/IncomingWebhook/ w32 '/ b36
      ZXlK s80+
      API- A26
      sha256~ b43
      tk-us- b48
      SG. e66
      sm_aat_ w16
      sm_pat_ w16
      sm_sat_ w16
      sgp_ H16 '_ H40
      rk_prod_ w20+
      < .atlasv1. w14 e60-70
      < T3BlbkFJ b23-99 b20+
      < 0Q~ z3 z31-34
      < 1Q~ z3 z31-34
      < 2Q~ z3 z31-34
      < 3Q~ z3 z31-34
      < 4Q~ z3 z31-34
      < 5Q~ z3 z31-34
      < 6Q~ z3 z31-34
      < 7Q~ z3 z31-34
      < 8Q~ z3 z31-34
      < 9Q~ z3 z31-34
      ~ adafruit s32
      ~ adobe H32
      ~ airtable w17
      ~ algolia w32
      ~ asana w32
      ~ asana d16
      ~ atlassian w24
      ~ beamer s46
      ~ bitbucket s64
      ~ bitbucket w32
      ~ bittrex w32
      ~ codecov w32
      ~ cohere w40
      ~ coinbase b64
      ~ confluent w64
      ~ confluent w16
      ~ contentful s43
      ~ datadog w40
      ~ datadog H32
      ~ dd_api H32
      ~ dd_app H40
      ~ discord H64
      ~ discord s32
      ~ discord x58-72
      ~ droneci w32
      ~ dropbox w15
      ~ etsy w24
      ~ facebook H32
      ~ fastly s32
      ~ finicity H32
      ~ finnhub w20
      ~ flickr w32
      ~ freshbooks H64
      ~ freshdesk w20
      ~ gitter b40
      ~ grafana s70+
      ~ gocardless s45
      ~ hashicorp b14+
      ~ heroku H8 '- H4 '- H4 '- H4 '- H12
      ~ hubspot H8 '- H4 '- H4 '- H4 '- H12
      ~ intercom b60
      ~ intercom s60+
      ~ jfrog w73
      ~ jfrog w64
      ~ kraken s80+
      ~ kucoin H24
      ~ kucoin H8 '- H4 '- H4 '- H4 '- H12
      ~ launchdarkly s40
      ~ line_channel s40+
      ~ line_channel H32
      ~ linear H32
      ~ linkedin w14
      ~ linkedin w16
      ~ lob 'live_ H35
      ~ looker w24
      ~ looker w20
      ~ mailchimp H32 '-us d2
      ~ mailgun H32
      ~ mailgun w32 '- w8 '- w8
      ~ mapbox x60+
      ~ mattermost w26
      ~ messagebird w25
      ~ messagebird H8 '- H4 '- H4 '- H4 '- H12
      ~ netlify s40-46
      ~ newrelic w64
      ~ newrelic b32
      ~ nytimes s32
      ~ okta s42
      ~ openai w48
      ~ pagerduty b20
      ~ paypal b80
      ~ plaid w24
      ~ plaid w30
      ~ postmark H8 '- H4 '- H4 '- H4 '- H12
      ~ rapidapi b50
      ~ rollbar H32
      ~ salesforce e60+
      ~ segment b40+
      ~ sendbird H40
      ~ sendgrid x60+
      ~ sendinblue H64
      ~ sentry H64
      ~ shodan w32
      ~ sidekiq H8 ': H8
      ~ snyk H8 '- H4 '- H4 '- H4 '- H12
      ~ sonar s40-44
      ~ spotify H32
      ~ squarespace H8 '- H4 '- H4 '- H4 '- H12
      ~ sumo w64
      ~ sumo w14
      ~ telegr d5-16 ': b35
      ~ travis w22
      ~ trello b32
      ~ twilio w32-34
      ~ twitch w30
      ~ twitter w35-44
      ~ twitter w45
      ~ twitter w50
      ~ typeform e40+
      ~ vonage w16
      ~ yandex e38+
      ~ zendesk w40
      ~ zoom b32
      ~ azure s40+
      ~ azure_client z34-40
      ~ accountkey s86+
      ~ sharedaccesskey s43+
      ~ storagekey s86+
      ~ cloudflare b40
      ~ cloudflare H37
      ~ digitalocean H64
      ~ docker b36
      ~ elastic b22+
      ~ figma b40+
      ~ firebase b39+
      ~ mongodb b36
      ~ ngrok b43-49
      ~ notion w43
      ~ opsgenie H8 '- H4 '- H4 '- H4 '- H12
      ~ pusher H20
      ~ pinecone H8 '- H4 '- H4 '- H4 '- H12
      ~ percy H64
      ~ ipstack H32
      ~ maxmind b16
      ~ openweather H32
      ~ recaptcha b40
      ~ terraform x60+
      ~ vault x24+
      ~ wix b40+
      ~ woocommerce H40
      ~ yelp b128
      ~ airtable x82
      ~ alibaba w30
      ~ aliyun w30
      ~ artifactory w73
      ~ artifactory w64
      ~ bintray w73
      ~ bintray w64
      ~ xray w73
      ~ xray w64
      ~ confluence w24
      ~ jira w24
      ~ discord d18
      ~ dropbox s64
      ~ dropbox e138
      ~ facebook d15-16 '| b27-40
      ~ finicity w20
      ~ linked_in w14
      ~ linked_in w16
      ~ linked-in w14
      ~ linked-in w16
      ~ lob 'test_ H35
      ~ lob 'live_pub_ H31
      ~ lob 'test_pub_ H31
      ~ meraki H40
      ~ message_bird w25
      ~ message_bird H8 '- H4 '- H4 '- H4 '- H12
      ~ message-bird w25
      ~ message-bird H8 '- H4 '- H4 '- H4 '- H12
      ~ new_relic w64
      ~ new-relic w64
      ~ newyorktimes s32
      ~ new-york-times s32
      ~ privateai w32
      ~ private_ai w32
      ~ private-ai w32
      ~ sendbird H8 '- H4 '- H4 '- H4 '- H12
      ~ sourcegraph H40
      ~ square b26-64
      ~ twitter w25
      ~ twitter d15-25 '- w20-40
      ~ twitter e102+
      ~ adobe 'p8e- w32
      ~ 1password b38-41
      ~ maxmind w6 '_ w29 '_mmk
      ! contribsys__com H8 ': H8
      """;

  private ShapeTable() {}
}
