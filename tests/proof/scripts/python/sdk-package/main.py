import os

from devops import Session

session = Session("fabrikam", os.environ["ADO_PAT"])
build = session.builds.get_builds("Fiber")[0]
print(build.status, build.result)
