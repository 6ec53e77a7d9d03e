-- A copy of the database reads nothing, acknowledges nothing and sends nothing.
UPDATE pcu_platform
   SET active = false,
       client_id = NULL,
       client_secret = NULL,
       wakeup_secret = NULL,
       instance_uuid = NULL;
UPDATE queue_job
   SET state = 'cancelled'
 WHERE model_name IN ('pcu.platform', 'pcu.exchange.item')
   AND state IN ('wait_dependencies', 'pending', 'enqueued');
