from . import document_preview
