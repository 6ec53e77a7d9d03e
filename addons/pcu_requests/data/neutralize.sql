-- a copy of the database tells no citizen anything
UPDATE pcu_notice
   SET state = 'failed', next_try_at = NULL, error = 'neutralized copy'
 WHERE state IN ('waiting', 'sending');

UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing'
   AND id IN (SELECT mail_id FROM pcu_notice WHERE mail_id IS NOT NULL);
