"""How much was asked: quotas, request rates, token costs, cached answers, failures."""
