-- How many more massages it takes until something is said
--
-- For each main metric without a clear answer: after how many more massages half of the people like this one have one
-- (low), and four in five (high). The true effect is drawn from what the last look left possible and the looks to come
-- are run through the boundaries that count. Beside the person's own way (as booked) stand others that tell clearly
-- sooner for this person: any weekday (drawn for each massage), no day missing, weeks by lot (of each two weeks one
-- without massages).
-- grain: one row per subject, metric, window and design
-- missing: low, high and weeks are NULL where two years are not enough; no row where a clear answer stands, where a
--   failed check would not be mended by more massages, with fewer than 8 massages, or where a way gains little
-- source: the last look (looks) and the noise of the person's own days; how often it comes true: docs/calibration.md
select
    more_massages.subject,
    more_massages.metric,
    more_massages."window",
    more_massages.design,
    more_massages.low,
    more_massages.high,
    more_massages.weeks,
    more_massages.per_week,
    more_massages.chance,
    more_massages.reason
from answers.more_massages
order by more_massages.subject, more_massages.metric, more_massages."window", more_massages.design
