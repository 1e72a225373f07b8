#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Zählt Ablagen – für Fabrikam."""
from __future__ import annotations
import os, sys, base64
import requests
KOPF = {"Authorization": "Basic " + base64.b64encode(b":" + os.environ["ADO_PAT"].encode()).decode("ascii")}
antwort = requests.get("https://dev.azure.com/fabrikam/_apis/git/repositories", headers=KOPF)
if antwort.status_code != 200: sys.exit("Fehler: nicht angemeldet")
print(antwort.json()["count"])
