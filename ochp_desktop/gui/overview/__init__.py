"""The tab Month: what became of a month's records, by infra provider and partner."""
