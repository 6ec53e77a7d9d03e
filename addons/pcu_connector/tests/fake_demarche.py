"""One procedure of démarche numérique, as its public description says."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from .graphql_server import Document, Execution, GraphQLError, Server, as_json

PROCEDURE = 4242
TOKEN = "demarche-token"
OFFICER = {"id": "SW5zdHJ1Y3RldXItMQ==", "email": "agent@primaria.ro"}
CITIZEN = "ana@example.ro"
PAGE = {"nodes": "", "pageInfo": "PageInfo"}
ENDS = ("accepte", "refuse", "sans_suite")
MUTATIONS = (
    "dossierPasserEnInstruction",
    "dossierAccepter",
    "dossierRefuser",
    "dossierClasserSansSuite",
    "dossierEnvoyerMessage",
    "createDirectUpload",
)
#: Type -> field -> type of the field, None for a scalar.
SCHEMA = {
    "Query": {"demarche": "Demarche", "dossier": "Dossier"},
    "Demarche": {
        "number": None, "title": None, "groupeInstructeurs": "Group",
        "dossiers": "Dossiers", "pendingDeletedDossiers": "Deletions",
        "deletedDossiers": "Deletions",
    },
    "Dossiers": PAGE | {"nodes": "Dossier"},
    "Deletions": PAGE | {"nodes": "DeletedDossier"},
    "PageInfo": {"hasNextPage": None, "endCursor": None},
    "DeletedDossier": dict.fromkeys(("id", "number", "reason", "dateSupression")),
    "Group": {"instructeurs": "Profile"},
    "Profile": {"id": None, "email": None},
    "Dossier": {
        **dict.fromkeys(
            ("id", "number", "state", "dateDepot", "dateDerniereModification",
             "motivation", "deposeParUnTiers", "nomMandataire", "prenomMandataire")
        ),
        "motivationAttachment": "File", "demarche": "Demarche", "usager": "Profile",
        "demandeur": "Demandeur", "champs": "Champ", "messages": "Message",
        "groupeInstructeur": "Group",
    },
    "Demandeur": {},
    "PersonnePhysique": dict.fromkeys(("civilite", "nom", "prenom", "email")),
    "PersonneMorale": {"siret": None, "entreprise": "Entreprise", "address": "Address"},
    "Entreprise": {"raisonSociale": None},
    "Address": {"label": None},
    "Champ": dict.fromkeys(("id", "label", "stringValue")),
    "PieceJustificativeChamp": {"files": "File"},
    "RepetitionChamp": {"rows": "Row"},
    "Row": {"champs": "Champ"},
    "Message": {
        **dict.fromkeys(("id", "email", "body", "createdAt")),
        "correction": "Correction", "attachments": "File",
    },
    "Correction": {"dateResolution": None},
    "File": dict.fromkeys(
        ("filename", "contentType", "checksum", "byteSizeBigInt", "createdAt",
         "virusScanResult", "url")
    ),
    "Mutation": dict.fromkeys(MUTATIONS, "Done"),
    "Done": {"dossier": "Dossier", "message": "Message", "errors": "Error",
             "directUpload": "DirectUpload"},
    "Error": {"message": None},
    "DirectUpload": dict.fromkeys(("url", "headers", "signedBlobId")),
}  # fmt: skip


class FakeDemarche:
    """Dossiers, messages, deletions; a second host keeps the files."""

    def __init__(self):
        self.now = datetime(2026, 11, 10, 7, 30, tzinfo=UTC)
        self.found, self.deleted, self.pending = {}, [], []
        self.contents, self.uploads, self.calls, self.faults = {}, {}, [], []
        self.signature, self.variables, self.headers = 0, [], []
        self.api, self.store = Server(self._answer), Server(self._serve_file)
        self.url = f"http://{self.api.netloc}"

    def stop(self):
        self.api.stop()
        self.store.stop()

    # -- the citizen's side -------------------------------------------------------

    def tick(self, **passed):
        self.now += timedelta(**(passed or {"seconds": 1}))
        return self.stamp()

    def stamp(self):
        return self.now.isoformat().replace("+00:00", "Z")

    def submit(self, files=(), **values):
        """File a dossier; ``files`` are (name, bytes) pairs."""
        number = 1000 + len(self.found) + 1
        pieces = [self.piece(*file) for file in files]
        piece = {"id": "Q2hhbXAtMg==", "label": "Plan", "stringValue": "",
                 "__typename": "PieceJustificativeChamp", "files": pieces}  # fmt: skip
        self.found[number] = {
            "id": f"RG9zc2llci0{number}", "number": number,
            "state": "en_construction", "dateDepot": self.tick(),
            "dateDerniereModification": self.stamp(), "motivation": None,
            "motivationAttachment": None, "deposeParUnTiers": False,
            "nomMandataire": None, "prenomMandataire": None,
            "demarche": {"number": PROCEDURE, "title": "Certificat de urbanism"},
            "usager": {"id": "U", "email": CITIZEN},
            "demandeur": {"__typename": "PersonnePhysique", "civilite": "Mme",
                          "nom": "Popescu", "prenom": "Ana", "email": CITIZEN},
            "champs": [
                {"id": "Q2hhbXAtMQ==", "label": "Strada", "stringValue": "Lungă 5",
                 "__typename": "TextChamp"},
                {"id": "Q2hhbXAtMw==", "label": "Titlu", "stringValue": "1",
                 "__typename": "HeaderSectionChamp"},
                piece,
            ],
            "messages": [], "groupeInstructeur": {"instructeurs": [OFFICER]},
            **values,
        }  # fmt: skip
        return str(number)

    def piece(self, name, content, **values):
        checksum = base64.b64encode(
            hashlib.md5(content, usedforsecurity=False).digest()
        ).decode()
        key = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        self.contents[key] = content
        return {"filename": name, "contentType": "application/pdf", "key": key,
                "checksum": checksum, "byteSizeBigInt": str(len(content)),
                "createdAt": self.stamp(), "virusScanResult": "safe",
                **values}  # fmt: skip

    def say(self, number, body, files=(), email=CITIZEN, correction=None):
        """Let somebody write a message."""
        dossier = self.found[int(number)]
        pieces = [self.piece(*file) for file in files]
        message = {
            "id": f"TWVzc2FnZS{number}{len(dossier['messages'])}", "body": body,
            "email": email, "createdAt": self.touch(number), "attachments": pieces,
            "correction": correction and {"dateResolution": None},
        }  # fmt: skip
        dossier["messages"].append(message)
        return message

    def touch(self, number):
        stamp = self.tick()
        self.found[int(number)]["dateDerniereModification"] = stamp
        return stamp

    def delete(self, number, reason="user_request", pending=True):
        del self.found[int(number)]
        row = {"id": f"D{number}", "number": int(number), "reason": reason,
               "dateSupression": self.tick()}  # fmt: skip
        (self.pending if pending else self.deleted).append(row)

    # -- faults -------------------------------------------------------------------

    def fail(self, operation, fault, after=False, times=1):
        """Break calls: with a status, with a GraphQLError, or ``"hang up"``."""
        self.faults.append([operation, fault, after, times])

    def _fault(self, call, after):
        for fault in self.faults:
            if fault[3] and fault[2] == after and re.search(fault[0], call):
                fault[3] -= 1
                return fault[1]
        return None

    def _broken(self, fault):
        if fault == "hang up":
            return None, {}, b""
        if isinstance(fault, GraphQLError):
            return as_json(fault.as_answer())
        return fault, {"Retry-After": "7"}, b"{}"

    # -- the wire -----------------------------------------------------------------

    def _answer(self, request, body):
        self.headers.append(dict(request.headers))
        asked = json.loads(body)
        try:
            document = Document(asked["query"])
            self.variables = asked["variables"]
            call = next(iter(document.selections))[0]
            self.calls.append(call)
            if fault := self._fault(call, after=False):
                return self._broken(fault)
            if request.headers["Authorization"] != f"Bearer {TOKEN}":
                raise GraphQLError("hidden due to permissions", "unauthorized")
            data = Execution(SCHEMA, self, document, asked["variables"]).run()
            if fault := self._fault(call, after=True):
                return self._broken(fault)
        except GraphQLError as error:
            return as_json(error.as_answer())
        return as_json({"data": data})

    def _serve_file(self, request, body):
        """Answer for the store: another host, addresses that lapse."""
        key, _mark, signature = request.path.strip("/").partition("?signature=")
        self.headers.append(dict(request.headers))
        self.calls.append(f"{request.command} file")
        fault = self._fault(self.calls[-1], after=False)
        if request.command == "PUT":
            if request.headers["X-Store"] != "1" or fault:
                return 403, {}, b""
            self.uploads[key]["data"] = body
            return 201, {}, b""
        if int(signature) < self.signature or fault == 403:
            return 403, {}, b"<Error/>"
        content, headers = self.contents[key], {"ETag": f'"{key}"'}
        if fault == "cut":
            headers["cut"] = 4
        wanted = request.headers.get("Range")
        if wanted and request.headers.get("If-Range", f'"{key}"') == f'"{key}"':
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            size = len(content)
            headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
            return 206, headers, content[start:]
        return 200, headers, content

    # -- queries ------------------------------------------------------------------

    def demarche(self, number):
        if number != PROCEDURE:
            raise GraphQLError("Demarche not found", "not_found")
        return SimpleNamespace(
            number=number,
            title="Certificat de urbanism",
            groupeInstructeurs=[{"instructeurs": [OFFICER]}],
            dossiers=self._dossiers,
            pendingDeletedDossiers=lambda **asked: self._deletions("pending", **asked),
            deletedDossiers=lambda **asked: self._deletions("deleted", **asked),
        )

    def _dossiers(self, first, updatedSince, after):  # noqa: N803
        return self._page(
            [self._shown(d) for d in self.found.values()],
            "dateDerniereModification", first, updatedSince, after,
        )  # fmt: skip

    def _deletions(self, which, first, deletedSince, after):  # noqa: N803
        rows = getattr(self, which)
        return self._page(rows, "dateSupression", first, deletedSince, after)

    def _page(self, rows, stamp, first, since, after):
        rows = sorted(rows, key=lambda r: (r[stamp], r["number"]))
        moment = since and datetime.fromisoformat(since)
        rows = [
            r
            for r in rows
            if not since or datetime.fromisoformat(r[stamp]) >= moment
            if not after or f"{r[stamp]};{r['number']}" > after
        ]
        page = rows[:first]
        last = page and f"{page[-1][stamp]};{page[-1]['number']}"
        info = {"hasNextPage": len(rows) > first, "endCursor": last or None}
        return {"nodes": page, "pageInfo": info}

    def dossier(self, number):
        if number not in self.found:
            raise GraphQLError("Dossier not found", "not_found")
        return self._shown(self.found[number])

    def _shown(self, dossier):
        """Put an address on each file, signed for now."""
        text = json.dumps(dossier)
        address = rf'"url": "http://{self.store.netloc}/\1?signature={self.signature}"'
        return json.loads(re.sub(r'"key": "(\w+)"', address, text))

    # -- mutations ----------------------------------------------------------------

    def _find(self, asked):
        if asked["instructeurId"] != OFFICER["id"]:
            raise GraphQLError("no such officer", "unauthorized")
        found = [d for d in self.found.values() if d["id"] == asked["dossierId"]]
        if not found:
            raise GraphQLError("Dossier not found", "not_found")
        return found[0]

    def _move(self, asked, allowed, state):
        dossier = self._find(asked)
        if dossier["state"] != allowed:
            text = f"Le dossier est déjà {dossier['state']}"
            return {"dossier": None, "errors": [{"message": text}]}
        dossier["state"] = state
        self.touch(dossier["number"])
        if state in ENDS:
            dossier["motivation"] = asked["motivation"]
            if blob := asked.get("justificatif"):
                dossier["motivationAttachment"] = {
                    "checksum": self.uploads[blob]["md5"]
                }
        return {"dossier": self._shown(dossier), "errors": None}

    def dossierPasserEnInstruction(self, input):  # noqa: A002
        return self._move(input, "en_construction", "en_instruction")

    def dossierAccepter(self, input):  # noqa: A002
        return self._move(input, "en_instruction", "accepte")

    def dossierRefuser(self, input):  # noqa: A002
        return self._move(input, "en_instruction", "refuse")

    def dossierClasserSansSuite(self, input):  # noqa: A002
        return self._move(input, "en_instruction", "sans_suite")

    def dossierEnvoyerMessage(self, input):  # noqa: A002
        dossier = self._find(input)
        if input.get("correction"):
            dossier["state"] = "en_construction"
        message = self.say(
            dossier["number"], input["body"], email=OFFICER["email"],
            correction=input.get("correction"),
        )  # fmt: skip
        message["attachment"] = input.get("attachment")
        return {"message": message, "errors": None}

    def createDirectUpload(self, input):  # noqa: A002
        key = f"blob{len(self.uploads)}"
        self.uploads[key] = {"name": input["filename"], "md5": input["checksum"]}
        place = {"url": f"http://{self.store.netloc}/{key}", "signedBlobId": key,
                 "headers": json.dumps({"X-Store": "1"})}  # fmt: skip
        return {"directUpload": place}
