"""What the database itself demands before the bytes of a document may go.

``pcu_base`` lets no program empty a document's file unless this function says yes, and
answers no as long as this module is not there. It doesn't trust a flag: it looks at
the recorded facts of the selection, which the second trigger keeps from being changed
or set back. The statements can be run again at every update.
"""

DESTRUCTION = """
CREATE OR REPLACE FUNCTION pcu_document_may_be_destroyed(document integer)
RETURNS boolean AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM pcu_document d
          JOIN pcu_register_entry e ON e.id = d.entry_id
          JOIN pcu_file f ON f.id = e.file_id
          JOIN pcu_classification c ON c.id = f.classification_id
          JOIN pcu_selection s ON s.id = f.selection_id
         WHERE d.id = document
           AND s.state = 'destroying'
           AND s.confirmation_number IS NOT NULL
           AND s.approved_by_id <> s.executed_by_id
           AND s.executed_at >= s.not_before
           AND c.retention_kind <> 'permanent'
           AND f.ends_on <= s.executed_at::date
           AND NOT EXISTS (
               SELECT FROM pcu_hold_file_rel r JOIN pcu_hold h ON h.id = r.hold_id
                WHERE r.file_id = f.id AND h.released_at IS NULL)
           AND NOT EXISTS (
               SELECT FROM pcu_hold_entry_rel r JOIN pcu_hold h ON h.id = r.hold_id
                WHERE r.entry_id = e.id AND h.released_at IS NULL)
    );
END $$ LANGUAGE plpgsql STABLE;
"""

SELECTION = """
CREATE OR REPLACE FUNCTION pcu_selection_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'draft' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'pcu_selection %: a selection cannot be deleted', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
           ('draft', 'decided'), ('decided', 'confirmed'), ('confirmed', 'approved'),
           ('approved', 'destroying'), ('destroying', 'destroyed'),
           ('draft', 'cancelled'), ('decided', 'cancelled'),
           ('confirmed', 'cancelled'), ('approved', 'cancelled'))
       AND OLD.state <> NEW.state
    OR OLD.company_id <> NEW.company_id
    OR OLD.state IN ('confirmed', 'approved', 'destroying', 'destroyed') AND
       (NEW.confirmation_number, NEW.confirmation_date, NEW.commission_id)
       IS DISTINCT FROM
       (OLD.confirmation_number, OLD.confirmation_date, OLD.commission_id)
    OR OLD.state IN ('approved', 'destroying', 'destroyed') AND
       (NEW.approved_by_id, NEW.approved_at, NEW.not_before)
       IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_at, OLD.not_before)
    OR OLD.state IN ('destroying', 'destroyed') AND
       (NEW.executed_by_id, NEW.executed_at)
       IS DISTINCT FROM (OLD.executed_by_id, OLD.executed_at) THEN
        RAISE EXCEPTION 'pcu_selection %: what is recorded stays', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE TRIGGER pcu_selection_guard
    BEFORE UPDATE OR DELETE ON pcu_selection
    FOR EACH ROW EXECUTE FUNCTION pcu_selection_guard();
"""
