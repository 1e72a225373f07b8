"""Fixes in Java: exact texts before and after, and what is left to a person."""

from __future__ import annotations

import pytest

from fixes.in_memory import fixed, one

MEMBERS = """\
    private static final TokenCredential ENTRA_CREDENTIAL = new DefaultAzureCredentialBuilder().build();

    private static String entraToken() {
        TokenRequestContext request = new TokenRequestContext()
            .addScopes("499b84ac-1321-427f-aa17-267ca6975798/.default");
        return ENTRA_CREDENTIAL.getTokenSync(request).getToken();
    }
"""
AZURE = """\
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.DefaultAzureCredentialBuilder;
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_header_of_a_request(newline: str) -> None:
    before = """\
package com.contoso;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

public class Projects {
    public String list(String pat) throws Exception {
        String encoded = Base64.getEncoder().encodeToString((":" + pat).getBytes());
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://dev.azure.com/fabrikam/_apis/projects"))
            .header("Authorization", "Basic " + encoded)
            .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
"""
    after = f"""\
package com.contoso;

{AZURE}import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Projects {{
{MEMBERS}
    public String list(String pat) throws Exception {{
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://dev.azure.com/fabrikam/_apis/projects"))
            .header("Authorization", "Bearer " + entraToken())
            .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }}
}}
"""
    assert one("Projects.java", before.replace("\n", newline)) == after.replace("\n", newline)


def test_okhttp_in_a_file_without_other_imports() -> None:
    before = """\
package com.contoso;

class Builds {
    okhttp3.Request request(String azureDevOpsPat) {
        return new okhttp3.Request.Builder().url("https://dev.azure.com/fabrikam/_apis/build/builds")
            .header("Authorization", okhttp3.Credentials.basic("", azureDevOpsPat)).build();
    }
}
"""
    after = one("Builds.java", before)
    assert after.startswith(f"package com.contoso;\n\n{AZURE}\nclass Builds {{\n{MEMBERS}\n")
    assert '.header("Authorization", "Bearer " + entraToken()).build();' in after


def test_a_class_of_that_name_is_in_the_way() -> None:
    text = """\
class TokenCredential {
    void sign(java.net.HttpURLConnection connection, String azureDevOpsPat) {
        connection.setRequestProperty("Authorization", "Basic "
            + java.util.Base64.getEncoder().encodeToString((":" + azureDevOpsPat).getBytes()));
    }
}
"""
    assert not fixed({"TokenCredential.java": text})
