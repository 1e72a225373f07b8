"""Kotlin: how a credential gets from where it comes in to the request that it signs in."""

from __future__ import annotations

import pytest
from programs import check

PROGRAMS = {
    "a template": """// file: Ado.kt
import java.util.Base64
class Ado(private val pat: String) {
    private val header = "Basic ${Base64.getEncoder().encodeToString(":$pat".toByteArray())}"  // <- PAT201 env:ADO_PAT
    fun header(): String = header
}
fun main() { println(Ado(System.getenv("ADO_PAT")).header()) }
""",
    "okhttp": """// file: Ado.kt
import okhttp3.*
class Ado(val pat: String, val url: String = "https://dev.azure.com/contoso/_apis/projects") {
    private val client = OkHttpClient()
    fun projects() {
        val basic = Credentials.basic("", pat)  // <- PAT201 env:ADO_PAT https://dev.azure.com/contoso/_apis/projects
        val request = Request.Builder().url(url).addHeader("Authorization", basic).build()
        client.newCall(request).execute()
    }
}
fun main() { Ado(System.getenv("ADO_PAT") ?: "").projects() }
""",
    "ktor": """// file: Ado.kt
import io.ktor.client.request.*
suspend fun projects(pat: String) = client.get("https://dev.azure.com/contoso/_apis/projects") {
    basicAuth("", pat)  // <- PAT202 parameter:pat
}
""",
    "an extension function": """// file: Ado.kt
fun String.basic() = "Basic " + Base64.getEncoder().encodeToString(":$this".toByteArray())
val header = System.getenv("ADO_PAT").basic()  // <- PAT201 env:ADO_PAT
""",
    "an object and lazy": """// file: Ado.kt
object Settings {
    val pat: String by lazy { System.getenv("ADO_PAT") ?: error("no token") }
}
fun header(): String {
    val pair = ":${Settings.pat}".toByteArray()
    return "Basic " + Base64.getEncoder().encodeToString(pair)  // <- PAT201 env:ADO_PAT
}
""",
    "a data class of another file": """// file: src/main/kotlin/com/contoso/Settings.kt
package com.contoso
data class Settings(val organization: String, val pat: String)
// file: src/main/kotlin/com/contoso/Ado.kt
package com.contoso
class Ado(private val settings: Settings) {
    fun header(): String {
        val pair = ":${settings.pat}".toByteArray()
        return "Basic " + Base64.getEncoder().encodeToString(pair)  // <- PAT201 env:ADO_PAT
    }
}
fun main() { Ado(Settings("contoso", System.getenv("ADO_PAT"))).header() }
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_what_is_signed_in(program: str) -> None:
    check(program)
