-- What the article promises, and what the data say
--
-- grain: subject, claim_id
create table answers.claims (
    subject varchar not null, -- person
    claim_id varchar not null, -- of the claim
    ordinal bigint not null, -- order in the article
    claim varchar not null, -- what it says
    metric varchar, -- measured by; NULL = nothing measures it
    "window" varchar, -- of effects
    claimed varchar, -- the stated size, in words; NULL = none
    claimed_share double, -- the stated change towards better as a share of the usual; NULL = none
    observed double, -- change, in unit
    ci_low double, -- 95% interval
    ci_high double,
    unit varchar, -- of observed and interval
    n_massages bigint, -- that were looked at
    worth double, -- smallest change worth having, in unit
    worth_source varchar, -- where that figure comes from, in plain words
    direction varchar not null, -- as in effects
    certainty varchar not null, -- as in effects
    basis varchar not null, -- as in effects
    is_size_excluded boolean, -- whether the promised share is outside the range; NULL of claims without one
    verdict varchar not null, -- one of five
    reason varchar not null, -- in plain words
    published_evidence varchar not null -- what trials found
);
