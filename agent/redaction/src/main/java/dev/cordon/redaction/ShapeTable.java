package dev.cordon.redaction;

/**
 * Credentials of vendors by shape: facts that the vendors print in their documentation or that
 * public rule sets (gitleaks, MIT) know by the same prefixes and lengths, written by hand for
 * Cordon. A constant of a class, not a resource: a cold JVM opens a resource in five milliseconds.
 *
 * <pre>
 * PREFIX PART...   a credential that its prefix tells; upper and lower case count
 * ~ WORD PART...   one that only a name tells, as in WORD_api_key = VALUE; any letter case
 *
 * A part is a class of characters and how many: h32, b20+, w10-99; 'TEXT stands for itself.
 *   d digit  h lower hex  H hex  l lower  u upper  a lower or digit  A upper or digit
 *   w letter or digit  b also - and _  s also + and /  x also . - _  e also + / = . - _ ~ %
 * Without a plus a character of the last class must not follow. A plus stands last.
 * </pre>
 */
final class ShapeTable {
  static final String TEXT =
      """
      glpat- b20+
      sgp_local_ H40
      AAAAAAAAAAAAAAAAAAAAAA b80+
      glptt- h40
      glrt- b20+
      gldt- b20+
      glft- b20+
      glsoat- b20+
      glcbt- b20+
      glagent- b50+
      gloas- b64
      glimt- b25
      glffct- b20
      GR1348941 b20
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
      SG. b16-32 '. b16-64
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
      hf_ w34+
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
      NRAK- A27
      NRJS- h19
      NRII- b32
      NRAA- h27
      NRRA- h42
      NRIQ- b32
      PMAK- h24 '- h34
      rdme_ a70
      sntryu_ h64
      sntrys_ s60+
      sntryi_ h60+
      pscale_tkn_ x32+
      pscale_pw_ x32+
      pscale_oauth_ x32+
      pul- h40
      LTAI w17-21
      AGE-SECRET-KEY-1 A58
      key- h32
      pubkey- h32
      duffel_test_ b43
      duffel_live_ b43
      EZAK w54
      EZTK w54
      FLWSECK_TEST- w12+
      FLWSECK- w12+
      FLWPUBK_TEST- w12+
      fio-u- b64
      shippo_live_ H40
      shippo_test_ H40
      sq0atp- b22+
      sq0csp- b43+
      EAAAE b50+
      xkeysib- h64 '- w16
      xsmtpsib- h64 '- w16
      secret_ w43
      ntn_ w46
      CLOJARS_ a60
      clojars_ a60
      CCIPAT_ w22 '_ H40
      ATATT3 b180+
      ATCTT3 b180+
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
      dt0c01. A24 '. A64
      dt0s16. A8 '. A64
      dt0s02. A8 '. A64
      pnu_ a36
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
      tfp_ b59
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
      ~ adafruit b32
      ~ adobe h32
      ~ airtable w17
      ~ algolia a32
      ~ asana a32
      ~ asana d16
      ~ atlassian w24
      ~ beamer b44
      ~ bitbucket b64
      ~ bitbucket a32
      ~ bittrex a32
      ~ codecov a32
      ~ cohere w40
      ~ coinbase b64
      ~ confluent w64
      ~ confluent A16
      ~ contentful b43
      ~ datadog a40
      ~ datadog h32
      ~ dd_api h32
      ~ dd_app h40
      ~ discord h64
      ~ discord b32
      ~ discord x58-72
      ~ droneci a32
      ~ dropbox a15
      ~ etsy a24
      ~ facebook h32
      ~ fastly b32
      ~ finicity h32
      ~ finnhub a20
      ~ flickr a32
      ~ freshbooks h64
      ~ freshdesk w20
      ~ gitter b40
      ~ grafana s70+
      ~ gocardless b40
      ~ hashicorp b14+
      ~ heroku H8 '- H4 '- H4 '- H4 '- H12
      ~ hubspot H8 '- H4 '- H4 '- H4 '- H12
      ~ intercom b60
      ~ intercom s60+
      ~ jfrog w73
      ~ jfrog w64
      ~ kraken s80+
      ~ kucoin h24
      ~ kucoin h8 '- h4 '- h4 '- h4 '- h12
      ~ launchdarkly b40
      ~ line_channel s40+
      ~ line_channel h32
      ~ linear h32
      ~ linkedin a14
      ~ linkedin a16
      ~ lob h35
      ~ looker a24
      ~ looker a20
      ~ mailchimp h32 '-us d2
      ~ mailgun h32
      ~ mailgun h32 '- h8 '- h8
      ~ mapbox b60+
      ~ mattermost a26
      ~ messagebird a25
      ~ messagebird h8 '- h4 '- h4 '- h4 '- h12
      ~ netlify b40-46
      ~ newrelic a64
      ~ newrelic b32
      ~ nytimes b32
      ~ okta b42
      ~ openai w48
      ~ pagerduty b20
      ~ paypal b80
      ~ plaid w24
      ~ plaid h30
      ~ postmark h8 '- h4 '- h4 '- h4 '- h12
      ~ rapidapi b50
      ~ rollbar h32
      ~ salesforce e60+
      ~ segment b40+
      ~ sendbird h40
      ~ sendgrid x60+
      ~ sendinblue h64
      ~ sentry h64
      ~ shodan w32
      ~ sidekiq h8 ': h8
      ~ snyk h8 '- h4 '- h4 '- h4 '- h12
      ~ sonar b40
      ~ spotify h32
      ~ squarespace h8 '- h4 '- h4 '- h4 '- h12
      ~ sumologic w64
      ~ sumologic w14
      ~ telegram d8-10 ': b35
      ~ travis w22
      ~ trello b32
      ~ twilio h32
      ~ twitch a30
      ~ twitter w35-44
      ~ twitter w45
      ~ twitter w50
      ~ typeform x40+
      ~ vonage w16
      ~ yandex x50+
      ~ zendesk w40
      ~ zoom b32
      ~ azure s40+
      ~ azure_client b34-40
      ~ accountkey s86+
      ~ sharedaccesskey s43+
      ~ storagekey s86+
      ~ cloudflare b40
      ~ cloudflare h37
      ~ digitalocean h64
      ~ docker b36
      ~ elastic b22+
      ~ figma b40+
      ~ firebase b39+
      ~ mongodb b36
      ~ ngrok b43-49
      ~ notion w43
      ~ opsgenie h8 '- h4 '- h4 '- h4 '- h12
      ~ pusher h20
      ~ pinecone h8 '- h4 '- h4 '- h4 '- h12
      ~ percy h64
      ~ ipstack h32
      ~ maxmind b16
      ~ openweather h32
      ~ recaptcha b40
      ~ terraform x60+
      ~ vault x24+
      ~ wix b40+
      ~ woocommerce h40
      ~ yelp b128
      """;

  private ShapeTable() {}
}
