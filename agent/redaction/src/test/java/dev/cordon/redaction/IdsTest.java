package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of people and companies, addresses of machines, wallets, and what a key alone tells. */
class IdsTest {
  private static final Redactor REDACTOR = Redactor.forLogs(EnumSet.allOf(Kind.class));
  private static final Map<String, List<IdShape>> LINES = lines();

  private static Map<String, List<IdShape>> lines() {
    Map<String, List<IdShape>> lines = new HashMap<>();
    for (String line : IdTable.TEXT.split("\n", -1)) {
      if (!line.isEmpty()) {
        String name = line.substring(0, line.indexOf(' '));
        IdShape.read(line, lines.computeIfAbsent(name, n -> new ArrayList<>()));
      }
    }
    return lines;
  }

  static List<String> vectors() throws IOException {
    try (InputStream in = IdsTest.class.getResourceAsStream("id-vectors.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aNumberThatItsIssuerPrintsIsAccepted(String line) {
    String name = line.substring(0, line.indexOf(' '));
    assertTrue(fits(name, compact(line.substring(line.indexOf(' ') + 1))), line);
  }

  /** Their last numbers were taken for those of a tax payer. */
  @Test
  void aWordInsideARandomTokenAnnouncesNothing() {
    for (String line :
        List.of(
            "cus_zPqWgu5BzOBcIP ch_pBgSvo7brcQNYlnPjbgVAtIn order 472566854",
            "cus_8qqGlHJ0smneJM ch_aWMzStnRG3qEO3itgfcuNVfF order 1049854252",
            "cus_ns3lbgAFyWNNGF ch_STNRXOySHFDoTETh9GfJK1DX order 1012562782",
            "cus_tVu3ydobPONWjk ch_iNUitLZSBUafE7p7z8TZhf6H order 767875843")) {
      assertSame(line, REDACTOR.line(line));
    }
    for (String name : List.of("owner_vat", "VAT", "vat no")) {
      assertEquals(name + " [TAX_ID]", REDACTOR.line(name + " DE136695976"));
    }
    for (String name : List.of("vatNumber", "owner_vat", "VAT")) {
      assertEquals(name + ": [TAX_ID]", REDACTOR.line(name + ": DE136695976"));
    }
    assertEquals("ownerVatNumber=[TAX_ID]", REDACTOR.line("ownerVatNumber=DE136695976"));
    String longer = "theOwnerOfTheAccountVatNumber=";
    assertEquals(longer + "[TAX_ID]", REDACTOR.line(longer + "DE136695976"));
  }

  @Test
  void aPlaceholderAnnouncesNothing() {
    for (String line :
        List.of(
            "see [NATIONAL_ID] 3704 0044 0532 10 end",
            "cpf [TAX_ID] mac 2001:d536-22-8145 from 203.0E89 3704",
            "id of [TAX_ID] is 203.0E89 3704")) {
      assertSame(line, REDACTOR.line(line));
    }
    assertEquals("[tax id] [TAX_ID]", REDACTOR.line("[tax id] DE136695976"));
  }

  @Test
  void anyOtherCheckDigitIsRefused() throws IOException {
    int changed = 0;
    int accepted = 0;
    for (String line : vectors()) {
      String name = line.substring(0, line.indexOf(' '));
      String number = compact(line.substring(line.indexOf(' ') + 1));
      if (!isChecked(name)) {
        continue;
      }
      for (int i = 0; i < number.length(); i++) {
        char c = number.charAt(i);
        if (c >= '0' && c <= '9') {
          char other = (char) ('0' + (c - '0' + 1) % 10);
          changed++;
          accepted += fits(name, number.substring(0, i) + other + number.substring(i + 1)) ? 1 : 0;
        }
      }
    }
    // a few lines have two ways to be right, parts without a check, or a check that misses some
    assertTrue(changed > 1000 && accepted * 12 < changed, accepted + " of " + changed);
  }

  private static boolean isChecked(String name) {
    for (String line : IdTable.TEXT.split("\n", -1)) {
      if (line.startsWith(name + " ")) {
        String checks = line.split(" # ", -1)[0];
        if (checks.matches("\\S+ \\S \\S+( (ymd|dmy|Ymd|ssn|itin)\\S*)*")) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void atLeastSixtyNumbersHaveACheckOfTheirOwn() {
    Set<String> checks = new HashSet<>();
    for (String line : IdTable.TEXT.split("\n", -1)) {
      String[] parts = line.split(" ", 4);
      if (parts.length == 4 && parts[3].charAt(0) != '#') {
        checks.add(parts[3].replaceAll(" ?#.*", ""));
      }
    }
    assertTrue(checks.size() >= 60, checks.size() + " different checks");
    assertTrue(LINES.size() >= 130, LINES.size() + " numbers");
  }

  @Test
  void everyWordStandsForALineThatExists() {
    for (String line : TableMaker.idWords()) {
      for (String id : line.substring(line.indexOf(": ") + 2).split(" ", -1)) {
        assertTrue(id.charAt(0) == '@' || "NTHCBS".contains(id) || LINES.containsKey(id), line);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cpf 529.982.247-25 | cpf [TAX_ID]",
        "{\"cpf\":\"52998224725\"} | {\"cpf\":\"[TAX_ID]\"}",
        "NHS number: 943 476 5919 | NHS number: [HEALTH_ID]",
        "his Steuer-ID is 86095742719. | his Steuer-ID is [TAX_ID].",
        "BSN: 111222333 | BSN: [NATIONAL_ID]",
        "nif X1234567L | nif [NATIONAL_ID]",
        "sécurité sociale 2 95 10 99 126 111 93 | sécurité sociale [NATIONAL_ID]",
        "codice fiscale RSSMRA85T10A562S | codice fiscale [NATIONAL_ID]",
        "マイナンバー：123456789018 | マイナンバー：[NATIONAL_ID]",
        "身份证号码 11010519491231002X | 身份证号码 [NATIONAL_ID]",
        "tax_id=20-12345678-6 | tax_id=[TAX_ID]",
        "ssn 536904399 | ssn [SSN]",
        "ssn on file: 536 90 4399 | ssn on file: [SSN]",
        "passport no. C01X00T47 | passport no. [NATIONAL_ID]",
        "from 2001:db8::1 to [2001:db8::2]:443 | from [IP_ADDRESS] to [[IP_ADDRESS]]:443",
        "2001:db8:85a3::8a2e:370:7334%eth0 up | [IP_ADDRESS] up",
        "mapped ::ffff:203.0.113.9 | mapped [IP_ADDRESS]",
        "addr 8f99:82:46bb:13:a:581c:316f:d6ba up | addr [IP_ADDRESS] up",
        "addr 2001:db8:a53:1::2957 up | addr [IP_ADDRESS] up",
        "addr 2001:db8:1:2:3:4:5:6 up | addr [IP_ADDRESS] up",
        "mac 00:1B:44:11:3A:B7 and 00-1B-44-11-3A-B7 | mac [MAC_ADDRESS] and [MAC_ADDRESS]",
        "port 0012.3456.789a down | port [MAC_ADDRESS] down",
        "client_ip=10.0.0.1 and 10.0.0.2 | client_ip=[IP_ADDRESS] and 10.0.0.2",
        "to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq now | to [WALLET] now",
        "wallet 0x52908400098527886E0F7030069857D2E4169EE7 | wallet [WALLET]",
        "bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa | bitcoin [WALLET]",
        "eth 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed | eth [WALLET]",
        "eth 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed | eth [WALLET]",
        "monero 888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H | monero [WALLET]",
        "mac 001B44113AB7 up | mac [MAC_ADDRESS] up",
        "mac address: 00 1B 44 11 3A B7 up | mac address: [MAC_ADDRESS] up",
        "{\"hwaddr\":\"aabb.ccdd.eeff\"} | {\"hwaddr\":\"[MAC_ADDRESS]\"}",
        "ИНН 7827004526 | ИНН [TAX_ID]",
        "Jaarlijks NISS 85 07 30 033 28 | Jaarlijks NISS [NATIONAL_ID]",
        "RIF V-11470283-4 ok | RIF [TAX_ID] ok",
        "the VAT of the customer: DE136695976, please | the VAT of the customer: [TAX_ID], please",
        "VAT BG 175 074 752 | VAT [COMPANY_ID]",
        "BTW BE420304067 | BTW [TAX_ID]",
        "UID CHE-203.040.505 | UID [COMPANY_ID]",
        "MWST CHE-203.040.505 MWST | MWST [TAX_ID]",
        "MVA NO 920 304 052 MVA | MVA [TAX_ID]",
        "UEN S16FC0121D | UEN [COMPANY_ID]",
        "NIT 1020304050-8 and 2030405-5 | NIT [TAX_ID] and 2030405-5",
        "registro federal de contribuyentes GODE561231GR8 | registro federal de contribuyentes [TAX_ID]",
        "Handelsregister Musterstadt HRB 49263 | Handelsregister Musterstadt [COMPANY_ID]",
        "bank account 12-3456-0789012-00 closed | bank account [BANK_ACCOUNT] closed",
        "bank account of 2026-03-01 | bank account of 2026-03-01",
        "bank account 1234567 | bank account 1234567",
        "my number is 5555 5555 5555 4444 | my number is [CARD]",
        "said:2001:db8:1:2:3:4:5:6 | said:[IP_ADDRESS]",
        "dijo: 2001:db8::1. | dijo: [IP_ADDRESS].",
        "17,0044 20 7946 0132,ok | 17,[PHONE],ok",
        "WhatsApp 030 901820 | WhatsApp [PHONE]",
        "Handynummer: 0171 1234567 | Handynummer: [PHONE]",
        "m\u00f3vil 91 123 4567, t\u00e9l. 01 99 00 1234 | m\u00f3vil [PHONE], t\u00e9l. [PHONE]",
        "mobiel 06 12345678 of telefoon: 020 7946013 | mobiel [PHONE] of telefoon: [PHONE]",
        "celular (11) 91234-5678 | celular [PHONE]",
        "cellulare 347 1234567 | cellulare [PHONE]",
        "\u96fb\u8a71\u756a\u53f7\uff1a03-1234-5678 | \u96fb\u8a71\u756a\u53f7\uff1a[PHONE]",
        "\u624b\u673a\u53f7 138 1234 5678 | \u624b\u673a\u53f7 [PHONE]",
        "call me at 030 901820 | call me at [PHONE]"
      })
  void aNumberBehindItsWordIsReplaced(String text, String expected) {
    assertEquals(expected, REDACTOR.line(text));
    assertSame(expected, REDACTOR.line(expected), "read again");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "order 52998224725 shipped",
        "cpf 529.982.247-26",
        "cpf 529982247-26",
        "UID 203040505 RIF ABC-11470283-5",
        "call me at 10, call 112233",
        "BSN: 111222334",
        "uid 123456782 gid 111222333",
        "std::string a::b x[1::2] 12:34:56:789 Foo::Bar::baz dead::beef",
        "uuid 123e4567-e89b-12d3-a456-426614174000 2026-11-21 10:20:30",
        "fe80::1 fd00::1 ff02::1 ::1 ::",
        "2026-11-21 23:14:47.123 10:20:30:40",
        "Broadcast ff:ff:ff:ff:ff:ff",
        "01:02:03:04:05:06:07 AB:CD:EF:GH:01:02",
        "columns 123 45 6789 12 and 1 123 45 6789",
        "eth 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
        "mac 001B44113AB74 mac 001B44113A",
        "bitcoin price 98123.55 wallet balance 1000000",
        "-------------------------------- ::::::::::::::: a:b:c:d:e:f:g"
      })
  void whatNoWordAnnouncesAndWhatDoesNotCheckStays(String text) {
    assertSame(text, REDACTOR.line(text));
  }

  @Test
  void anAddressIsFoundWhereverItStandsInAPiece() {
    for (String address :
        new String[] {"2001:db8::1", "2001:db8:1:2:3:4:5:6", "00:1B:44:11:3A:B7"}) {
      for (int before = 1; before < 140; before++) {
        String text = "x".repeat(before) + " " + address + " y";
        assertFalse(REDACTOR.line(text).contains(address), text);
        String far = "x".repeat(2048 - 70 + before) + " " + address + " " + "y".repeat(100);
        assertFalse(REDACTOR.line(far).contains(address), "at " + before);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0049170 1234567 | [PHONE]",
        "call 0049170 1234567 now | call [PHONE] now",
        "card 41111111 11111111 | card [CARD]",
        "card number: 411111 1111111111 12 | card number: [CARD] 12",
        "GET /passport/C01X00T47/scan | GET /passport/[NATIONAL_ID]/scan",
        "passport C01X00T47-2 | passport [NATIONAL_ID]-2",
        "identity card AB123456 | identity card [NATIONAL_ID]",
        "cnpj 12 11.222.333/0001-81 | cnpj 12 [COMPANY_ID]",
        "passport 12 +44 7400 123456 | passport 12 [PHONE]",
        "id number 12 +355 67 212 3456 | id number 12 +[NATIONAL_ID]",
        "tax id +421 123456789 +421 123456789 | tax id +[NATIONAL_ID] [PHONE]",
        "call me at 1) 0044 20 7946 0132 | call me at [PHONE]",
        "ssn: My number is 001-543-234-1234. | ssn: My number is [PHONE].",
        "passport 1) 841-49H-I26 | passport 1) [NATIONAL_ID]",
        "identificacion tributaria 12 331.691.357-9 | identificacion tributaria 12 [TAX_ID]",
        "tax registration 12 757-199-238 | tax registration 12 [TAX_ID]"
      })
  void aNumberIsFoundWhateverElseStandsThere(String text, String expected) {
    assertEquals(expected, REDACTOR.line(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'first_name_value':'Anna'} | {'first_name_value':'[NAME]'}",
        "{'street_code':'Musterstr.12'} | {'street_code':'[ADDRESS]'}",
        "{'address':'St.Johann12'} | {'address':'[ADDRESS]'}",
        "{'national_id':'AB123456'} | {'national_id':'[NATIONAL_ID]'}",
        "{'identity_card':'123456789'} | {'identity_card':'[SSN]'}",
        "{'passport_number':'C01X00T47'} | {'passport_number':'[NATIONAL_ID]'}",
        "{'card':'41111111 11111111'} | {'card':'[CARD]'}",
        "{'employer_identification_number':'12-3456789'} | {'employer_identification_number':'[TAX_ID]'}",
        "{'national_insurance_number':'AB123456C'} | {'national_insurance_number':'[NATIONAL_ID]'}",
        "{'social_insurance_number':'046 454 286'} | {'social_insurance_number':'[NATIONAL_ID]'}"
      })
  void aNameOfSeveralWordsStandsForAllTheyMean(String json, String expected) {
    assertEquals(expected.replace('\'', '"'), redact(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'sales_tax':'12345678'}",
        "{'sales_tax':5021.40}",
        "{'cr':'10000123456'}",
        "{'mf':'1234567A'}",
        "{'rcs':'12345678'}",
        "{'hra':'20000000'}",
        "{'bank_account':'2026-03-01'}",
        "{'bank_account':'01/03/2026'}",
        "{'bank_account':'20260301'}",
        "{'bank_account':1500000}",
        "{'bank_account':'12,345,678.90'}",
        "{'bank_account':12345678.9}",
        "{'bank_account_balance':'123456789'}",
        "{'bank_account_id':'123456789'}",
        "{'company_id':'C12345678901234'}",
        "{'to':'*@example.com'}",
        "{'note':'erreichbar ab 12.12.2026'}",
        "{'durchwahl':'12.12.2026'}",
        "{'\u96fb\u8a71\u6599\u91d1':'12345678'}",
        "{'movil_saldo':'12345678'}",
        "{'festnetz_flatrate':1798299612}",
        "{'total_iva':'738,016.22'}",
        "{'order_montant_tva':'INV-2026-641464'}",
        "{'version':'25.22.20.5'}",
        "{'note':',,12345678'}",
        "{'cpf':',,,'}"
      })
  void amountsDatesAndOtherNumbersStay(String json) {
    assertEquals(json.replace('\'', '"'), redact(json));
  }

  @Test
  void theBalanceOfABankAccountAndItsDatesStay() {
    for (String text :
        new String[] {
          "bank account balance: 12345678",
          "bank account 12345678.90 EUR",
          "bank account opened 20260301 12345678",
          "bank account 12.12.2026",
          "bank account 2026/03/01 12:00",
          "bank account: 01-03-2026"
        }) {
      assertSame(text, REDACTOR.line(text));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'first_name':'Ann'} | {'first_name':'[NAME]'}",
        "{'lastName':'Example'} | {'lastName':'[NAME]'}",
        "{'customer':{'name':'Ann Example'}} | {'customer':{'name':'[NAME]'}}",
        "{'owners':[{'name':'Ann'}]} | {'owners':[{'name':'[NAME]'}]}",
        "{'plan':{'name':'Premium Plan'}} | {'plan':{'name':'Premium Plan'}}",
        "{'repository':{'full_name':'ann/tools'}} | {'repository':{'full_name':'ann/tools'}}",
        "{'line1':'1 Example Street'} | {'line1':'[ADDRESS]'}",
        "{'postal_code':'94102','city':'Exampleton'} | {'postal_code':'[ADDRESS]','city':'[ADDRESS]'}",
        "{'email_address':'none given'} | {'email_address':'[ADDRESS]'}",
        "{'dob':'1980-02-03'} | {'dob':'[BIRTH_DATE]'}",
        "{'geburtsdatum':'3.2.1980'} | {'geburtsdatum':'[BIRTH_DATE]'}",
        "{'cpf':52998224725} | {'cpf':'[TAX_ID]'}",
        "{'customer':'cus_12345','name':'widget'} | {'customer':'cus_12345','name':'widget'}",
        "{'personnummer':'811218-9876'} | {'personnummer':'[NATIONAL_ID]'}",
        "{'vat_number':'ATU13585627'} | {'vat_number':'[TAX_ID]'}",
        "{'wallet':'1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'} | {'wallet':'[WALLET]'}",
        "{'uid':'CHE-203.040.505'} | {'uid':'[COMPANY_ID]'}",
        "{'uid':'203040505'} | {'uid':'203040505'}",
        "{'bank_account':'DE89370400440532013000'} | {'bank_account':'[IBAN]'}",
        "{'version':'25.22.20.5'} | {'version':'25.22.20.5'}",
        "['415-555-0132'] | ['[PHONE]']",
        "[415-555-0132] | [[PHONE]]",
        "{'to':'a*b/c@example.com'} | {'to':'[EMAIL]'}",
        "{'to':'{bob}@example.com'} | {'to':'[EMAIL]'}",
        "{'note':'bob!x@example.com'} | {'note':'[EMAIL]'}",
        "{'note':'a=bob@example.com'} | {'note':'a=[EMAIL]'}",
        "{'telefoonnummer':'020 7946013'} | {'telefoonnummer':'[PHONE]'}",
        "{'\u96fb\u8a71\u756a\u53f7':'0312345678'} | {'\u96fb\u8a71\u756a\u53f7':'[PHONE]'}",
        "{'celular':'11912345678'} | {'celular':'[PHONE]'}",
        "{'uid':'ATU20304052'} | {'uid':'[COMPANY_ID]'}",
        "{'vat':'ATU20304052'} | {'vat':'[TAX_ID]'}",
        "{'vat':'ES 12345678Z'} | {'vat':'[NATIONAL_ID]'}",
        "{'vat':'BE (0)428.759.497'} | {'vat':'[TAX_ID]'}",
        "{'tax_registration_number':'20-12345678-6'} | {'tax_registration_number':'[TAX_ID]'}",
        "{'identificación_fiscal':'X1234567L'} | {'identificación_fiscal':'[NATIONAL_ID]'}",
        "{'unp':'\u041c\u04101953684'} | {'unp':'[COMPANY_ID]'}",
        "{'t.c._kimlik_no.':'10000000146'} | {'t.c._kimlik_no.':'[NATIONAL_ID]'}",
        "{'onrc':'J52 / 750 / 2012'} | {'onrc':'[COMPANY_ID]'}",
        "{'cedula':'00203040506'} | {'cedula':'[NATIONAL_ID]'}",
        "{'bank_account_number':'000123456789'} | {'bank_account_number':'[BANK_ACCOUNT]'}",
        "{'bank_account':'ba_1Mt09oLkdIwHu7ix'} | {'bank_account':'ba_1Mt09oLkdIwHu7ix'}",
        "{'bank_account':'550e8400-e29b-41d4-a716-446655440000'} | {'bank_account':'550e8400-e29b-41d4-a716-446655440000'}",
        "{'handelsregisternummer':'Musterstadt HRB 123'} | {'handelsregisternummer':'[COMPANY_ID]'}"
      })
  void aKeyTellsWhatItsValueIs(String json, String expected) {
    assertEquals(expected.replace('\'', '"'), redact(json));
  }

  private static String redact(String json) {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Scan scan =
        Redactor.body(body, "application/json", Samples.everywhere(RedactionPlan.Operator.TOKEN));
    byte[] redacted = scan.redacted();
    return new String(redacted == null ? body : redacted, StandardCharsets.UTF_8);
  }

  @Test
  void theHashOfWalletsIsTheOneItsAuthorsPrint() {
    assertEquals("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", keccak(""));
    assertEquals("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45", keccak("abc"));
  }

  private static String keccak(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return java.util.HexFormat.of().formatHex(Keccak.hash(bytes, bytes.length));
  }

  @Test
  void noTextMakesAVerifierThrow() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] pieces = {
      "::",
      ":",
      "-",
      "1",
      "ab",
      "2001",
      "fe80",
      ".",
      "1.2.3.4",
      "%",
      "bsn ",
      "tax id ",
      "GB",
      "X",
      "passport ",
      "bc1q",
      "0x",
      "00:1B:",
      "(",
      ")",
      " ",
      "wallet ",
      "\u8eab\u4efd\u8bc1",
      "\u0660"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(30); k >= 0; k--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      String once = REDACTOR.line(text.toString());
      assertFalse(once.startsWith("[CORDON"), "seed " + seed + ": " + text);
      assertSame(once, REDACTOR.line(once), "seed " + seed + ": " + text);
    }
  }

  private static boolean fits(String name, String compact) {
    List<IdShape> shapes = LINES.getOrDefault(name, List.of());
    assertFalse(shapes.isEmpty(), name);
    byte[] bytes = Arrays.copyOf(compact.getBytes(StandardCharsets.US_ASCII), 24);
    for (IdShape shape : shapes) {
      if (shape.length == compact.length() && shape.fits(bytes, new int[Ids.MAX_VALUES])) {
        return true;
      }
    }
    return false;
  }

  private static String compact(String number) {
    return number.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
  }
}
