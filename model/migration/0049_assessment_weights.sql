-- What the indicators weigh until the street or the county sets it: the policy names none.
INSERT INTO assessment_weights (unit_kind, indicator, valid_from, valid_until, weight) VALUES
('community', 'cases_in_time', '2021-11-19', '', 20),
('community', 'cases_satisfied', '2021-11-19', '', 15),
('community', 'cases_called_back', '2021-11-19', '', 10),
('community', 'motion_participation', '2021-11-19', '', 20),
('community', 'survey_satisfaction', '2021-11-19', '', 15),
('community', 'doors_reached', '2021-11-19', '', 10),
('community', 'decisions_done', '2021-11-19', '', 5),
('community', 'faults_mended', '2021-11-19', '', 5),
('department', 'cases_in_time', '2021-11-19', '', 35),
('department', 'cases_first_time', '2021-11-19', '', 15),
('department', 'cases_satisfied', '2021-11-19', '', 20),
('department', 'cases_kept', '2021-11-19', '', 10),
('department', 'decisions_done', '2021-11-19', '', 10),
('department', 'faults_mended', '2021-11-19', '', 10);
