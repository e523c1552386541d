-- How often massages are followed by a drop of pain
--
-- The share of massages after which the mean pain of days +1 to +3 is at least drop_share (0.3, 0.5) less than the
-- mean of the seven days before which are not day 0 to 3 of a massage. Beside it the same share of days without a
-- massage that are like them: the same weekday, no massage within three days, pain of the day before within half a
-- point; a mean over massages. Exploratory: no verdict rests on it, and the pain of the day itself is not matched.
-- grain: one row per subject, metric of pain and drop_share
-- missing: the shares are NULL with fewer than 8 massages that can be compared; no row where no pain was measured
-- source: the diary and the massage log
select
    relief_shares.subject,
    relief_shares.metric,
    relief_shares.drop_share,
    relief_shares.n_massages,
    relief_shares.n_followed,
    relief_shares.n_days,
    relief_shares.massages_share,
    relief_shares.days_share,
    relief_shares.reason
from answers.relief_shares
order by relief_shares.subject, relief_shares.metric, relief_shares.drop_share
