"""The queue as a worker needs it: a message that could not be acknowledged takes no place of the next one.

Kombu goes on counting it among those that the worker is at, while the line that brings new ones may be unharmed. Once
a worker has as many of them as it may have at a time, it waits for ever.
"""

from kombu.transport import redis


class QoS(redis.QoS):
    """What a worker is at. The queue hands out again, after its time, what it was not told of."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            super(redis.QoS, self).ack(delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - as kombu calls it
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            super(redis.QoS, self).ack(delivery_tag)
            raise


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel
