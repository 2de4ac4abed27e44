"""The uses that redstart is for, through redis-py: `python3 uses.py PORT` runs all of them.

One line of JSON for each: {"name": ..., "error": null or a traceback}. Nothing sleeps: what has to
happen elsewhere is waited for, and deadlines are looked at, not lived through.
"""
import json
import sys
import threading
import traceback

import redis

PORT = int(sys.argv[1])
USES = []
TIMEOUT = 10


def use(function):
    USES.append(function)
    return function


def connect(**options):
    options.setdefault("decode_responses", True)
    options.setdefault("socket_timeout", TIMEOUT)
    return redis.Redis(host="127.0.0.1", port=PORT, **options)


@use
def cache_aside(r):
    computed = []

    def product(number):
        key = f"product:{number}"
        cached = r.get(key)
        if cached is not None:
            return json.loads(cached)
        computed.append(number)
        value = {"number": number, "name": f"Größe {number}", "price": 9.5}
        r.setex(key, 300, json.dumps(value))
        return value

    assert product(7) == product(7)
    assert computed == [7]
    assert 290 < r.ttl("product:7") <= 300
    assert r.delete("product:7") == 1
    product(7)
    assert computed == [7, 7]


@use
def sessions(r):
    r.set("session:a", json.dumps({"user": 1}), ex=1800)
    r.expire("session:a", 900)
    r.set("session:a", json.dumps({"user": 1, "cart": [3]}), keepttl=True)
    assert 890 < r.ttl("session:a") <= 900
    assert json.loads(r.get("session:a"))["cart"] == [3]
    r.hset("session:b", mapping={"user": "2", "visits": "1"})
    r.expire("session:b", 1800)
    assert r.hincrby("session:b", "visits") == 2
    assert 1790 < r.ttl("session:b") <= 1800
    assert r.getex("session:a", ex=60) is not None
    assert 50 < r.ttl("session:a") <= 60
    r.set("session:a", "{}")
    assert r.ttl("session:a") == -1


@use
def fixed_window_rate_limit(r):
    def allowed(user):
        key = f"rate:{user}:window"
        count = r.incr(key)
        if count == 1:
            r.expire(key, 60)
        return count <= 3

    assert [allowed("ada") for _ in range(5)] == [True, True, True, False, False]
    assert allowed("bob")
    assert 0 < r.ttl("rate:ada:window") <= 60


@use
def sliding_window_rate_limit(r):
    def allowed(now):
        with r.pipeline(transaction=True) as pipe:
            pipe.zremrangebyscore("slide", "-inf", now - 60)
            pipe.zcard("slide")
            _, count = pipe.execute()
        if count >= 3:
            return False
        r.zadd("slide", {f"request-{now}": now})
        r.expire("slide", 60)
        return True

    assert [allowed(now) for now in (0, 10, 20, 30, 59, 61, 62, 71)] == [
        True, True, True, False, False, True, False, True,
    ]
    assert r.zcard("slide") == 3


@use
def leaderboard(r):
    r.zadd("board", {"ada": 300, "bob": 100, "cyd": 200, "dan": 250})
    assert r.zincrby("board", 120, "bob") == 220.0
    best = r.zrevrange("board", 0, 2, withscores=True)
    assert best == [("ada", 300.0), ("dan", 250.0), ("bob", 220.0)]
    rank = r.zrevrank("board", "bob")
    assert rank == 2
    assert r.zrevrange("board", rank - 1, rank + 1) == ["dan", "bob", "cyd"]
    assert r.zscore("board", "nobody") is None and r.zrevrank("board", "nobody") is None
    assert r.zcount("board", 220, "+inf") == 3
    assert r.zadd("board", {"ada": 1}, gt=True, ch=True) == 0


@use
def publish_and_subscribe(r):
    heard = []
    complete = threading.Event()
    pubsub = r.pubsub()

    def listen(message):
        heard.append((message["type"], message["pattern"], message["channel"], message["data"]))
        if message["data"] == "last":
            complete.set()

    pubsub.subscribe(**{"news:sport": listen})
    pubsub.psubscribe(**{"news:*": listen})
    thread = pubsub.run_in_thread(sleep_time=0.01)
    try:
        while r.pubsub_numpat() < 1 or r.pubsub_numsub("news:sport")[0][1] < 1:
            pass
        assert r.publish("news:sport", "goal") == 2
        assert r.publish("news:art", "last") == 1
        assert complete.wait(TIMEOUT)
    finally:
        thread.stop()
        thread.join(TIMEOUT)
    assert heard == [
        ("message", None, "news:sport", "goal"),
        ("pmessage", "news:*", "news:sport", "goal"),
        ("pmessage", "news:*", "news:art", "last"),
    ]


@use
def job_queue(r):
    done = []

    def work():
        worker = connect()
        while True:
            queue, job = worker.brpop(["urgent", "jobs"], timeout=TIMEOUT)
            if job == "stop":
                return
            done.append((queue, json.loads(job)["id"]))

    for number in range(3):
        r.lpush("jobs", json.dumps({"id": number}))
    thread = threading.Thread(target=work)
    thread.start()
    r.lpush("urgent", json.dumps({"id": 9}))
    r.lpush("jobs", "stop")
    thread.join(TIMEOUT)
    assert not thread.is_alive()
    assert sorted(done) == [("jobs", 0), ("jobs", 1), ("jobs", 2), ("urgent", 9)]
    assert [job for queue, job in done if queue == "jobs"] == [0, 1, 2]
    assert r.brpop("jobs", timeout=0.05) is None
    assert r.rpoplpush("jobs", "doing") is None


@use
def distributed_lock(r):
    release = r.register_script(
        "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end "
        "return redis.call('del', KEYS[1])"
    )
    assert r.set("lock:x", "mine", nx=True, ex=30)
    assert r.set("lock:x", "theirs", nx=True, ex=30) is None
    assert 0 < r.ttl("lock:x") <= 30
    assert release(keys=["lock:x"], args=["theirs"]) == 0
    assert release(keys=["lock:x"], args=["mine"]) == 1
    assert not r.exists("lock:x")
    lock = r.lock("lock:y", timeout=30)
    assert lock.acquire(blocking=False)
    assert not r.lock("lock:y", timeout=30).acquire(blocking=False)
    assert lock.extend(30) and lock.owned()
    lock.release()
    with r.lock("lock:y", timeout=30):
        assert r.exists("lock:y")
    assert not r.exists("lock:y")


@use
def counters_by_day(r):
    for day, visits in (("2026-11-22", 2), ("2026-11-23", 3)):
        for _ in range(visits):
            with r.pipeline() as pipe:
                pipe.incr(f"visits:{day}")
                pipe.expire(f"visits:{day}", 7 * 86400)
                pipe.pfadd(f"visitors:{day}", "ada", "bob")
                pipe.execute()
    assert r.mget("visits:2026-11-22", "visits:2026-11-23") == ["2", "3"]
    assert r.ttl("visits:2026-11-23") > 6 * 86400
    assert r.pfcount("visitors:2026-11-22", "visitors:2026-11-23") == 2
    assert sorted(r.scan_iter("visits:*")) == ["visits:2026-11-22", "visits:2026-11-23"]


@use
def pipelines(r):
    pipe = r.pipeline(transaction=False)
    for number in range(1000):
        pipe.set(f"p:{number}", number)
    pipe.get("p:999")
    assert pipe.execute() == [True] * 1000 + ["999"]

    def swap(tx):
        one, two = tx.get("p:1"), tx.get("p:2")
        tx.multi()
        tx.set("p:1", two)
        tx.set("p:2", one)

    assert r.transaction(swap, "p:1", "p:2") == [True, True]
    assert r.mget("p:1", "p:2") == ["2", "1"]
    with r.pipeline() as watched:
        watched.watch("p:1")
        r.set("p:1", "changed")
        watched.multi()
        watched.set("p:1", "lost")
        raises(redis.WatchError, watched.execute)
    with r.pipeline() as broken:
        broken.set("p:text", "x").incr("p:text").get("p:text")
        results = broken.execute(raise_on_error=False)
    assert results[0] is True and results[2] == "x"
    assert isinstance(results[1], redis.ResponseError)


@use
def connection_pool(r):
    pool = redis.BlockingConnectionPool(
        host="127.0.0.1", port=PORT, max_connections=4, timeout=TIMEOUT, decode_responses=True
    )

    def count():
        mine = redis.Redis(connection_pool=pool)
        for _ in range(50):
            mine.incr("pooled")

    threads = [threading.Thread(target=count) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)
    assert r.get("pooled") == "600"
    pool.disconnect()
    small = redis.ConnectionPool(host="127.0.0.1", port=PORT, max_connections=1)
    small.get_connection("PING")
    raises(redis.ConnectionError, lambda: small.get_connection("PING"))
    small.disconnect()


@use
def password(r):
    r.config_set("requirepass", "secret word")
    try:
        assert connect(password="secret word").ping()
        assert connect(username="default", password="secret word").ping()
        raises(redis.AuthenticationError, connect().ping)
        raises(redis.ResponseError, connect(password="wrong").ping, "WRONGPASS")
    finally:
        r.config_set("requirepass", "")
    assert connect().ping()


@use
def decode_responses(r):
    raw = connect(decode_responses=False)
    raw.set("bytes", b"\x00\xff\r\n")
    assert raw.get("bytes") == b"\x00\xff\r\n"
    r.hset("text", mapping={"größe": "ü€😀", "n": 1.5})
    assert r.hgetall("text") == {"größe": "ü€😀", "n": "1.5"}
    assert raw.hgetall("text")["größe".encode()] == "ü€😀".encode()
    assert r.smembers("none") == set() and r.get("none") is None


@use
def errors(r):
    r.set("text", "x")
    raises(redis.ResponseError, lambda: r.lpush("text", 1), "WRONGTYPE")
    raises(redis.ResponseError, lambda: r.incr("text"), "not an integer")
    raises(redis.ResponseError, lambda: r.execute_command("NO.SUCH"), "unknown command")
    raises(redis.exceptions.NoScriptError, lambda: r.evalsha("0" * 40, 0))
    raises(redis.TimeoutError, lambda: connect(socket_timeout=0.05).brpop("never", timeout=0))
    nobody = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=TIMEOUT)
    raises(redis.ConnectionError, nobody.ping)
    victim = connect(single_connection_client=True)
    r.client_kill_filter(_id=victim.client_id())
    raises(redis.ConnectionError, lambda: victim.connection.read_response())


@use
def information(r):
    r.set("k", "v")
    info = r.info()
    assert info["redis_version"] == "7.0.15" and info["db0"]["keys"] == 1
    assert info["connected_clients"] >= 1 and info["total_commands_processed"] > 0
    memory = r.info("memory")
    assert memory["used_memory"] > 0 and memory["used_memory_human"][-1] in "BKMG"
    r.client_setname("uses")
    mine = [client for client in r.client_list() if client["id"] == str(r.client_id())]
    assert mine[0]["name"] == "uses" and mine[0]["cmd"].startswith("client")
    assert r.dbsize() == 1 and r.time()[0] > 1_700_000_000
    assert r.config_get("maxmemory*")["maxmemory-policy"] == "noeviction"
    r.client_setname("")


@use
def monitor(r):
    with connect().monitor() as seen:
        r.set("watched", "a b")
        entry = seen.next_command()
        while "watched" not in entry["command"]:
            entry = seen.next_command()
    assert entry["command"] == "SET watched a b"
    assert entry["db"] == 0 and entry["client_address"] == "127.0.0.1"


@use
def slow_log(r):
    before = r.config_get("slowlog-log-slower-than")["slowlog-log-slower-than"]
    r.config_set("slowlog-log-slower-than", 0)
    try:
        r.slowlog_reset()
        r.set("slow", "1")
        entries = r.slowlog_get(10)
    finally:
        r.config_set("slowlog-log-slower-than", before)
    assert b"SET slow 1" in [entry["command"] for entry in entries]
    assert r.slowlog_len() >= 2
    assert r.slowlog_reset()


def raises(kind, action, text=""):
    try:
        action()
    except kind as error:
        assert text in str(error), error
        return
    raise AssertionError(f"no {kind.__name__}")


def run(function):
    try:
        r = connect()
        r.flushall()
        function(r)
        r.close()
        return None
    except BaseException:
        return traceback.format_exc()


for function in USES:
    print(json.dumps({"name": function.__name__, "error": run(function)}), flush=True)
