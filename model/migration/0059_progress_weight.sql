-- Projects against their plan are an indicator of communities and of those who carry projects out. Weights that nobody has set make room for it; where the street or the county has set them it weighs nothing until they do.
UPDATE assessment_weights SET weight = weight - 5 WHERE unit_kind = 'community' AND indicator IN ('cases_in_time', 'motion_participation') AND valid_from = '2021-11-19' AND valid_until = '';
UPDATE assessment_weights SET weight = weight - 5 WHERE unit_kind = 'department' AND indicator = 'cases_in_time' AND valid_from = '2021-11-19' AND valid_until = '';
INSERT INTO assessment_weights (unit_kind, indicator, valid_from, valid_until, weight)
SELECT unit_kind, 'project_progress', valid_from, valid_until, CASE unit_kind WHEN 'community' THEN 10 ELSE 5 END FROM assessment_weights
WHERE indicator = 'cases_in_time' AND valid_from = '2021-11-19' AND valid_until = '';
