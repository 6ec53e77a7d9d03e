-- Who holds a copy must not be able to make check codes of the real register.
UPDATE ir_config_parameter
   SET value = gen_random_uuid()::text || gen_random_uuid()::text
 WHERE key = 'pcu_registry.slip_secret';
