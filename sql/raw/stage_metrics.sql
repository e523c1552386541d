-- Lines of the ledger that have the minutes of a stage of sleep
--
-- As `vocabulary/summed_metrics.py` says.
-- grain: stage, metric
create table raw.stage_metrics (
    stage varchar not null, -- a name of records.STAGES
    metric varchar not null -- a metric of the ledger
);
