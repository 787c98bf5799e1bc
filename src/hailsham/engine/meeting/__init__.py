"""Lives of people who meet in pools: one agenda, one event after another."""
