-- a copy of the database sends no reports
UPDATE res_company SET pcu_analysis_rhythm = 'none';
