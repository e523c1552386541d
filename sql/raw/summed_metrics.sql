-- Metrics of which the ledger adds up the values
--
-- Of all others it counts the records. As `vocabulary/summed_metrics.py` says.
-- grain: metric
create table raw.summed_metrics (
    metric varchar not null, -- as records and values of days name it
    ledger_metric varchar not null, -- as the ledger does: seconds in a state are minutes there
    unit_size double not null, -- how much of the metric is one of the ledger's
    is_spread boolean not null -- intervals of it are spread over their minutes (stg.placed_movement)
);
