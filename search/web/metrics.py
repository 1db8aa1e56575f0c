"""Counts and times for Prometheus: by page and status, never by what was asked or who asked it."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What is measured, in a registry of its own."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    waiting: Gauge
    replaced: Gauge


def new_metrics() -> Metrics:
    """Everything at zero."""
    registry = CollectorRegistry()
    return Metrics(
        registry,
        Counter("kilde_requests", "Answered requests.", ["view", "format", "status"], registry=registry),
        Histogram("kilde_request_seconds", "Time to answer.", ["view"], buckets=BUCKETS, registry=registry),
        Gauge("kilde_waiting", "Questions that wait for a worker.", registry=registry),
        Gauge("kilde_workers_replaced", "Workers that were killed or died.", registry=registry),
    )


def exposition(metrics: Metrics) -> bytes:
    """The metrics as Prometheus reads them."""
    return generate_latest(metrics.registry)
