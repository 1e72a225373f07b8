"""Groovy: how a credential gets from where it comes in to what it signs in."""

from __future__ import annotations

import pytest
from programs import check

PROGRAMS = {
    "a shared library's class": """// file: src/org/contoso/Ado.groovy
package org.contoso
class Ado implements Serializable {
  def steps
  private final String pat
  Ado(steps, String pat) {
    this.steps = steps
    this.pat = pat
  }
  def projects() {
    steps.sh "curl -u :${pat} https://dev.azure.com/contoso/_apis/projects"  // <- PAT203 env:ADO_PAT
  }
}
// file: vars/projects.groovy
import org.contoso.Ado
def call() {
  new Ado(this, env.ADO_PAT).projects()
}
""",
    "a function of a script": """// file: Jenkinsfile
def header(token) {
  return "Basic " + ":${token}".bytes.encodeBase64().toString()  // <- PAT201 secret-store:PAT
}
node {
  withCredentials([string(credentialsId: 'ado', variable: 'PAT')]) {
    httpRequest url: 'https://dev.azure.com/contoso/_apis/projects',
                customHeaders: [[name: 'Authorization', value: header(PAT)]]
  }
}
""",
    "a variable of the agent": """// file: ci/deploy.jenkinsfile
pipeline {
  stages {
    stage('Clone') {
      steps {
        sh 'curl -u :$ADO_PAT https://dev.azure.com/contoso/_apis/projects'  // <- PAT203 env:ADO_PAT
      }
    }
  }
}
""",
    "a secret of the pipeline's environment": """// file: Jenkinsfile
pipeline {
  environment {
    ADO_PAT = credentials('ado-pat')
  }
  stages {
    stage('Clone') {
      steps {
        sh "curl -u :${ADO_PAT} https://dev.azure.com/contoso/_apis/projects"  // <- PAT203 secret-store:ado-pat
      }
    }
  }
}
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_what_is_signed_in(program: str) -> None:
    check(program)


def test_a_secret_of_the_store_is_noted() -> None:
    check(
        """// file: Jenkinsfile
node {
  withCredentials([
    string(credentialsId: 'azure-devops-pat', variable: 'TOKEN')  // <- PAT503/note secret-store:azure-devops-pat
  ]) {
    echo 'ready'
  }
}
""",
        inventory=True,
    )


@pytest.mark.parametrize(
    "imports", ["import com.acme.Texts\nimport static Texts.encodeUrl", "import static com.acme.Texts.*"]
)
def test_a_static_function_of_another_file_is_known_by_its_name_alone(imports: str) -> None:
    check(f"""# file: src/com/acme/Texts.groovy
package com.acme

class Texts {{
    def static encodeUrl(text) {{
        URLEncoder.encode(text, 'UTF-8')
    }}
}}
# file: ci/Jenkinsfile
{imports}
node {{
    withCredentials([string(credentialsId: 'azure-devops-pat', variable: 'ADO_PAT')]) {{
        sh "git clone https://x:${{encodeUrl(ADO_PAT)}}@dev.azure.com/c/_git/w"  // <- PAT102 secret-store:ADO_PAT
    }}
}}
""")
