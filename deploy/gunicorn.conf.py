"""gunicorn behind nginx: gunicorn -c deploy/gunicorn.conf.py config.wsgi

Nothing about a request is written down (SECURITY S4): no access log, and no warnings, because gunicorn's warning
of a broken request names the address and the request. What Django has to say of its own errors still comes out
on standard error, by path alone.
"""

import multiprocessing
import os

bind = os.environ.get("GUNICORN_BIND", "unix:/run/reviews/gunicorn.sock")
workers = int(os.environ.get("WEB_WORKERS", max(2, multiprocessing.cpu_count())))
threads = int(os.environ.get("WEB_THREADS", "8"))  # workers x threads <= max_connections of PostgreSQL - 20
worker_class = "gthread"
keepalive = 30
timeout = 60
graceful_timeout = 30
backlog = 2048  # a whole hall at the same moment waits here instead of being turned away

accesslog = None
errorlog = "-"
loglevel = "error"
capture_output = False

# One way in less; `systemctl reload` sends the same signals.
control_socket_disable = True
# Only the socket of nginx leads here: X-Forwarded-Proto is its word.
forwarded_allow_ips = "*"
