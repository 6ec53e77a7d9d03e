"""What the database itself refuses, whatever program or person asks.

The statements can be run again at every update. What an owner of the database does
with triggers switched off is found by the digests instead.
"""

NO_TRUNCATE = """
CREATE OR REPLACE FUNCTION pcu_refuse_truncate() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;
"""

# Whether the bytes of a document may go. This floor knows no reason for it; the module
# that does (the archive, after a confirmed selection) puts a function in its place that
# looks at recorded facts, never at a flag that a program could set. Created once, so
# that an update of this floor doesn't take the archive's answer away.
MAY_BE_DESTROYED = """
DO $do$ BEGIN
    IF to_regprocedure('pcu_document_may_be_destroyed(integer)') IS NULL THEN
        CREATE FUNCTION pcu_document_may_be_destroyed(document integer)
        RETURNS boolean AS 'SELECT false' LANGUAGE sql STABLE;
    END IF;
END $do$;
"""

DOCUMENTS = (
    NO_TRUNCATE
    + MAY_BE_DESTROYED
    + """
CREATE OR REPLACE FUNCTION pcu_document_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'pcu_document %: a document cannot be deleted', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.name, NEW.kind, NEW.original_id, NEW.attachment_id, NEW.sha256,
        NEW.size, NEW.received_at, NEW.declared_type, NEW.true_type,
        NEW.type_mismatch, NEW.suspicious, NEW.company_id)
       IS DISTINCT FROM
       (OLD.name, OLD.kind, OLD.original_id, OLD.attachment_id, OLD.sha256,
        OLD.size, OLD.received_at, OLD.declared_type, OLD.true_type,
        OLD.type_mismatch, OLD.suspicious, OLD.company_id) THEN
        RAISE EXCEPTION 'pcu_document %: a document cannot be changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at
       AND (OLD.destroyed_at IS NOT NULL OR NOT pcu_document_may_be_destroyed(OLD.id))
    THEN
        RAISE EXCEPTION 'pcu_document %: a document cannot be destroyed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE TRIGGER pcu_document_guard
    BEFORE UPDATE OR DELETE ON pcu_document
    FOR EACH ROW EXECUTE FUNCTION pcu_document_guard();
CREATE OR REPLACE TRIGGER pcu_document_truncate
    BEFORE TRUNCATE ON pcu_document
    FOR EACH STATEMENT EXECUTE FUNCTION pcu_refuse_truncate();

-- A file is sealed once it carries the id of its document.
CREATE OR REPLACE FUNCTION pcu_document_attachment_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND
       (NEW.store_fname, NEW.checksum, NEW.file_size, NEW.db_datas, NEW.type,
        NEW.url, NEW.res_model, NEW.res_id, NEW.res_field, NEW.public)
       IS NOT DISTINCT FROM
       (OLD.store_fname, OLD.checksum, OLD.file_size, OLD.db_datas, OLD.type,
        OLD.url, OLD.res_model, OLD.res_id, OLD.res_field, OLD.public) THEN
        RETURN NEW;
    END IF;
    -- The bytes leave and nothing else changes, when the law's conditions are recorded.
    IF TG_OP = 'UPDATE' AND NEW.store_fname IS NULL AND NEW.db_datas IS NULL
       AND NEW.index_content IS NULL AND NEW.file_size = 0
       AND (NEW.checksum, NEW.type, NEW.url, NEW.res_model, NEW.res_id,
            NEW.res_field, NEW.public)
           IS NOT DISTINCT FROM
           (OLD.checksum, OLD.type, OLD.url, OLD.res_model, OLD.res_id,
            OLD.res_field, OLD.public)
       AND pcu_document_may_be_destroyed(OLD.res_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ir_attachment %: the file of a document cannot be % ',
        OLD.id, CASE TG_OP WHEN 'DELETE' THEN 'deleted' ELSE 'changed' END
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE TRIGGER pcu_document_attachment_guard
    BEFORE UPDATE OR DELETE ON ir_attachment
    FOR EACH ROW
    WHEN (OLD.res_model = 'pcu.document' AND OLD.res_id IS NOT NULL AND OLD.res_id <> 0)
    EXECUTE FUNCTION pcu_document_attachment_guard();
"""
)

JOURNAL = (
    NO_TRUNCATE
    + """
CREATE OR REPLACE FUNCTION pcu_journal_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'pcu_journal %: rows cannot be deleted', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.digest IS NOT NULL OR NEW.sequence IS NOT NULL
           OR NEW.previous_digest IS NOT NULL THEN
            RAISE EXCEPTION 'pcu_journal: rows are chained after they are added'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.digest IS NOT NULL
       OR NEW.digest IS NULL OR NEW.sequence IS NULL OR NEW.previous_digest IS NULL
       OR to_jsonb(NEW) - 'digest' - 'sequence' - 'previous_digest'
          IS DISTINCT FROM
          to_jsonb(OLD) - 'digest' - 'sequence' - 'previous_digest' THEN
        RAISE EXCEPTION 'pcu_journal %: rows cannot be changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE TRIGGER pcu_journal_guard
    BEFORE INSERT OR UPDATE OR DELETE ON pcu_journal
    FOR EACH ROW EXECUTE FUNCTION pcu_journal_guard();
CREATE OR REPLACE TRIGGER pcu_journal_truncate
    BEFORE TRUNCATE ON pcu_journal
    FOR EACH STATEMENT EXECUTE FUNCTION pcu_refuse_truncate();
"""
)
