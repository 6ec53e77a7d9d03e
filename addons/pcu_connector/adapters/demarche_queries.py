"""What is asked of démarche numérique: the GraphQL documents, and nothing else.

Only the fields that the adapter reads, after the public description of its API v2.
"""

#: What the applicant filled in and attached, before filing and afterwards.
FILED = """
fragment Filed on Dossier {
  number dateDerniereModification
  usager { email }
  champs {
    ...Field
    ... on RepetitionChamp { rows { champs { ...Field } } }
  }
  messages {
    id email body createdAt
    correction { dateResolution }
    attachments { ...Piece }
  }
}
fragment Field on Champ {
  id label stringValue __typename
  ... on PieceJustificativeChamp { files { ...Piece } }
}
fragment Piece on File {
  filename contentType checksum byteSizeBigInt createdAt virusScanResult url
}
"""

#: One dossier with all that becomes a request.
DOSSIER = (
    """
fragment Dossier on Dossier {
  ...Filed
  id state dateDepot motivation
  motivationAttachment { checksum }
  deposeParUnTiers nomMandataire prenomMandataire
  demarche { number title }
  demandeur {
    __typename
    ... on PersonnePhysique { civilite nom prenom email }
    ... on PersonneMorale {
      siret
      entreprise { raisonSociale }
      address { label }
    }
  }
  groupeInstructeur { instructeurs { id email } }
}
"""
    + FILED
)

PING = "query Ping { __typename }"

ACCESS = """
query Access($number: Int!) {
  demarche(number: $number) {
    number title
    groupeInstructeurs { instructeurs { id email } }
  }
}
"""

LIST = """
query List($number: Int!, $first: Int!, $since: ISO8601DateTime, $after: String) {
  demarche(number: $number) {
    number title
    dossiers(first: $first, updatedSince: $since, after: $after) {
      nodes { number state dateDepot dateDerniereModification }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

ACTS = (
    """
query Acts(
  $number: Int!, $first: Int!,
  $dossiersSince: ISO8601DateTime, $dossiersAfter: String,
  $pendingSince: ISO8601DateTime, $pendingAfter: String,
  $deletedSince: ISO8601DateTime, $deletedAfter: String
) {
  demarche(number: $number) {
    dossiers(first: $first, updatedSince: $dossiersSince, after: $dossiersAfter) {
      nodes { ...Filed }
      pageInfo { hasNextPage endCursor }
    }
    pendingDeletedDossiers(
      first: $first, deletedSince: $pendingSince, after: $pendingAfter
    ) {
      nodes { number reason dateSupression }
      pageInfo { hasNextPage endCursor }
    }
    deletedDossiers(first: $first, deletedSince: $deletedSince, after: $deletedAfter) {
      nodes { number reason dateSupression }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + FILED
)

GET = "query Get($number: Int!) { dossier(number: $number) { ...Dossier } }" + DOSSIER


def mutation(name: str, gives: str = "dossier { state dateDerniereModification }"):
    """Return the document of a mutation; all of them have the same shape.

    >>> print(mutation("dossierAccepter", "dossier { state }"))
    mutation Act($input: DossierAccepterInput!) {
      dossierAccepter(input: $input) { dossier { state } errors { message } }
    }
    """
    kind = name[0].upper() + name[1:]
    return (
        f"mutation Act($input: {kind}Input!) {{\n"
        f"  {name}(input: $input) {{ {gives} errors {{ message }} }}\n"
        "}"
    )


UPLOAD = """
mutation Upload($input: CreateDirectUploadInput!) {
  createDirectUpload(input: $input) {
    directUpload { url headers signedBlobId }
  }
}
"""
