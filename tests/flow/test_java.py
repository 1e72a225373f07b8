"""Java: how a credential gets from where it comes in to the request that it signs in."""

from __future__ import annotations

import pytest
from programs import check

URL = "https://dev.azure.com/contoso/_apis/projects"
FILE = "// file: src/main/java/com/contoso/Ado.java\n"


def java(body: str) -> str:
    """A class with these members in a file of its own."""
    return f"""{FILE}package com.contoso;

import java.net.*;
import java.net.http.*;
import java.util.*;
import okhttp3.*;

public class Ado {{
    static final String URL = "{URL}";
{body}
}}
"""


DIRECT = {
    "HttpURLConnection": """
    void projects(String pat) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL(URL).openConnection();
        String pair = Base64.getEncoder().encodeToString((":" + pat).getBytes(StandardCharsets.UTF_8));
        connection.setRequestProperty("Authorization", "Basic " + pair);  // <- PAT201 parameter:pat <URL>
        connection.getInputStream();
    }
""",
    "java.net.http": """
    void projects() throws Exception {
        String pair = Base64.getEncoder().encodeToString((":" + System.getenv("ADO_PAT")).getBytes());
        HttpRequest request = HttpRequest.newBuilder()
            .timeout(Duration.ofSeconds(5))
            .uri(URI.create(URL))
            .header("Authorization", "Basic " + pair)  // <- PAT201 env:ADO_PAT <URL>
            .build();
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
""",
    "okhttp": """
    void projects() throws Exception {
        String basic = Credentials.basic("", System.getenv("ADO_PAT"));  // <- PAT201 env:ADO_PAT <URL>
        Request request = new Request.Builder().url(URL).header("Authorization", basic).build();
        new OkHttpClient().newCall(request).execute();
    }
""",
    "a string builder": """
    void projects(HttpURLConnection connection) throws Exception {
        StringBuilder header = new StringBuilder("Basic ");
        String pair = String.format(Locale.ROOT, "%s:%s", "", System.getenv("ADO_PAT"));
        header.append(Base64.getEncoder().encodeToString(pair.getBytes()));  // <- PAT201 env:ADO_PAT
        connection.setRequestProperty("Authorization", header.toString());
    }
""",
    "a format": """
    String header() {
        String pair = "%s:%s".formatted("", System.getenv("ADO_PAT"));
        return String.format("Basic %s", Base64.getEncoder().encodeToString(pair.getBytes()));  // <- PAT201 env:ADO_PAT
    }
""",
    "an authenticator": """
    HttpClient client() {
        return HttpClient.newBuilder().authenticator(new Authenticator() {
            @Override protected PasswordAuthentication getPasswordAuthentication() {
                String pat = System.getenv("ADO_PAT");
                return new PasswordAuthentication("", pat.toCharArray());  // <- PAT202 env:ADO_PAT
            }
        }).build();
    }
""",
}


@pytest.mark.parametrize("body", DIRECT.values(), ids=DIRECT)
def test_what_one_method_does(body: str) -> None:
    check(java(body))


FIELDS = {
    "the constructor": """
    private final String pat;
    private final HttpClient client = HttpClient.newHttpClient();
    Ado(String pat) { this.pat = pat; }
    String header() {
        return "Basic " + Base64.getEncoder().encodeToString((":" + pat).getBytes());  // <- PAT201 env:ADO_PAT <URL>
    }
    void projects() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(URL)).header("Authorization", header()).build();
        client.send(request, null);
    }
    public static void main(String[] args) throws Exception {
        new Ado(System.getenv("ADO_PAT")).projects();
    }
""",
    "a bare name": """
    private String token;
    void setUp() { token = System.getenv("ADO_PAT"); }
    String header() {
        return "Basic " + Base64.getEncoder().encodeToString((":" + token).getBytes());  // <- PAT201 env:ADO_PAT
    }
""",
    "a static field that main sets": """
    private static String token;
    public static void main(String[] args) { token = System.getenv("ADO_PAT"); }
    static String header() {
        return "Basic " + Base64.getEncoder().encodeToString((":" + token).getBytes());  // <- PAT201 env:ADO_PAT
    }
""",
    "a builder whose methods have the fields' names": """
    private String pat;
    Ado pat(String pat) { this.pat = pat; return this; }
    String header() {
        return "Basic " + Base64.getEncoder().encodeToString((":" + pat).getBytes());  // <- PAT201 env:ADO_PAT
    }
    public static String main(String[] args) { return new Ado().pat(System.getenv("ADO_PAT")).header(); }
""",
    "overloads": """
    String header(String user, String pat) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + pat).getBytes());  // <- PAT201 env:ADO_PAT
    }
    String header(String pat) { return header("", pat); }
    public String get() { return header(System.getenv("ADO_PAT")); }
""",
    "an inner class and what is around it": """
    private final String pat = System.getenv("ADO_PAT");
    class Interceptor {
        String sign() {
            return "Basic " + Base64.getEncoder().encodeToString((":" + pat).getBytes());  // <- PAT201 env:ADO_PAT
        }
    }
""",
    "a record": """
    record Settings(String organization, String pat) {}
    String header(Settings settings) {
        String pair = ":" + settings.pat();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes());  // <- PAT201 env:ADO_PAT
    }
    void run() { header(new Settings("contoso", System.getenv("ADO_PAT"))); }
""",
}


@pytest.mark.parametrize("body", FIELDS.values(), ids=FIELDS)
def test_what_fields_hold(body: str) -> None:
    check(java(body))


def test_classes_of_other_packages_and_of_the_same() -> None:
    check(
        f"""// file: app/src/main/java/com/contoso/config/Settings.java
package com.contoso.config;
public final class Settings {{
    public static final String URL = "{URL}";
    public static String pat() {{ return System.getenv("ADO_PAT"); }}
}}
// file: app/src/main/java/com/contoso/http/Headers.java
package com.contoso.http;
import java.util.Base64;
class Signing {{
    static String basic(String pat) {{
        return "Basic " + Base64.getEncoder().encodeToString((":" + pat).getBytes());
    }}
}}
class Headers {{
    static String basic(String pat) {{
        return "Basic " + Base64.getEncoder().encodeToString((":" + pat).getBytes());  // <- PAT201 env:ADO_PAT <URL>
    }}
}}
// file: app/src/main/java/com/contoso/http/Client.java
package com.contoso.http;
import com.contoso.config.Settings;
import java.net.HttpURLConnection;
import java.net.URL;
import static com.contoso.config.Settings.pat;
public class Client {{
    void projects() throws Exception {{
        HttpURLConnection connection = (HttpURLConnection) new URL(Settings.URL).openConnection();
        connection.setRequestProperty("Authorization", Headers.basic(pat()));
        connection.connect();
    }}
}}
""".replace(
            """        return "Basic " + Base64.getEncoder().encodeToString((":" + pat).getBytes());
    }
}
class Headers""",
            """        return "";
    }
}
class Headers""",
        )
    )


def test_what_a_framework_puts_into_a_field() -> None:
    check(
        """// file: Settings.java
import org.springframework.beans.factory.annotation.Value;
import picocli.CommandLine.Option;
class Settings {
    @Value("${ado.personal-access-token:}") private String token;  // <- PAT503/note config:ado.personal-access-token
    @Option(names = {"-p", "--pat"}, description = "a token") String given;  // <- PAT502/note option:pat
}
""",
        inventory=True,
    )
