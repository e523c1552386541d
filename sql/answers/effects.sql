-- The effect of massages on one metric of one person in one window
--
-- grain: subject, metric, window
create table answers.effects (
    subject varchar not null, -- person
    metric varchar not null, -- metric
    "window" varchar not null, -- days_1_3, night_0, week_1_7, dose_7, day_0 to day_7, trial_days_1_3, trial_night_0
    family varchar, -- of the metric
    is_primary boolean not null, -- the main metric of its family, declared before
    unit varchar, -- of estimate and interval; per 60 min of massage a week for dose_7
    better varchar, -- up, down, none
    estimate double, -- change by a massage; NULL = refused
    standard_error double, -- of the estimate
    ci_low double, -- 95% interval
    ci_high double,
    p_value double, -- calibrated
    holm_p double, -- among the primaries; NULL for others
    q_value double, -- among the exploratory metrics (Benjamini-Hochberg); NULL for primaries
    lead_p double, -- of the days before massages
    permutation_p double, -- of the patterns of whole weeks dealt out among each other
    redrawn_p double, -- of re-drawn bookings
    adjusted_estimate double, -- with what went before massages allowed for
    adjusted_ci_low double,
    adjusted_ci_high double,
    lowest_without_one double, -- range of the estimate, each massage left out in turn
    highest_without_one double,
    usual double, -- mean of the valid days
    usual_without double, -- mean of the valid days away from massages, of the year before the first look or a later one
    worth double, -- smallest change worth having for this person
    worth_from varchar, -- goals, usual, metric, variation: where that figure comes from
    worth_source varchar, -- the same in plain words
    is_worth_reachable boolean, -- whether the number can change by so much
    smallest_detectable double, -- change found four times in five
    n_massages bigint not null, -- in the span looked at
    n_massages_measured bigint, -- of these, with measured days after them, as looks count them; NULL for drawn trials
    n_days bigint not null, -- valid ones
    n_days_after bigint, -- of these, those after a massage that the window speaks of; NULL of others than the main one
    checks varchar not null, -- each check with passed or failed
    direction varchar, -- which way: better, a_little_better, no_difference, no_better, a_little_worse, worse, unknown;
    -- more, less, about_the_same where neither is better; NULL for day_0 to day_7
    certainty varchar, -- clear, likely, too_early, cannot_tell; NULL where direction is
    doubts varchar, -- of what is clear, what makes it less sure by now: range (that of today alone would not say it),
    -- checks (one that weighs on it does not pass); empty where nothing does, NULL where direction is
    basis varchar, -- after, because (drawn by lot, kept to, its own test passed); NULL where direction is
    verdict varchar, -- follows from direction and certainty; NULL for day_0 to day_7 and where neither is better
    shown_estimate double, -- what is shown: of a main metric that of its last look, else estimate
    shown_low double, -- of a main metric the range that holds at all looks together, else ci_low
    shown_high double,
    said_on date, -- of a main metric: the last day that its last look counts
    first_said date, -- since when what is clear stands: when the page first told it, else the day of the look
    withdrawn_on date, -- when what was clear was withdrawn, where nothing is clear since
    is_building_up boolean, -- whether the metric gets better over the massages, so that nothing is ruled out
    reason varchar not null, -- in plain words
    massages_needed bigint -- more of them, where more would tell
);
