"""What waits for something outside the program: the network, a clock, a process, a model; by canonical name.

Sources: the libraries' own references, such as https://requests.readthedocs.io, https://www.python-httpx.org and
https://platform.openai.com/docs
"""

from __future__ import annotations

from sessionlint.knowledge.words import words

NETWORK, SLEEP, PROCESS, MODEL = "a network call", "a sleep", "another process", "a model call"
_HTTP = words("get post put patch delete head options request send")
_ASKING = words("create acreate parse generate edit edits retrieve stream send_message generate_content generate_content_async")
_INVOKING = words("invoke ainvoke stream astream batch abatch predict apredict embed_query embed_documents aembed_query aembed_documents")


def _each(kind: str, names: str) -> dict[str, str]:
    return dict.fromkeys(sorted(words(names)), kind)


SLOW: dict[str, str] = {
    **_each(SLEEP, "time.sleep asyncio.sleep anyio.sleep trio.sleep gevent.sleep eventlet.sleep curio.sleep"),
    **{f"{library}.{name}": NETWORK for library in ("requests", "httpx") for name in sorted(_HTTP)},
    **_each(NETWORK, "httpx.stream urllib.request.urlopen urllib.request.urlretrieve urllib3.request aiohttp.request aiosmtplib.send"),
    **_each(NETWORK, "socket.create_connection socket.getaddrinfo socket.gethostbyname asyncio.open_connection feedparser.parse"),
    **_each(NETWORK, "smtplib.SMTP smtplib.SMTP_SSL ftplib.FTP ftplib.FTP_TLS imaplib.IMAP4 imaplib.IMAP4_SSL poplib.POP3 poplib.POP3_SSL"),
    **_each(NETWORK, "paramiko.SSHClient.connect websockets.connect websocket.create_connection"),
    **_each(PROCESS, "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.getoutput os.system"),
    **_each(PROCESS, "subprocess.getstatusoutput os.popen os.waitpid os.wait"),
    **_each(MODEL, "openai.chat.completions.create openai.completions.create openai.embeddings.create openai.ChatCompletion.create"),
    **_each(MODEL, "openai.ChatCompletion.acreate openai.Completion.create openai.Embedding.create openai.responses.create"),
    **_each(MODEL, "litellm.completion litellm.acompletion litellm.embedding litellm.aembedding"),
    **_each(MODEL, "ollama.chat ollama.generate ollama.embed ollama.embeddings"),
}
"""Functions, and classes that connect when they are made, that wait."""

CLIENTS: dict[str, tuple[str, frozenset[str]]] = {
    **dict.fromkeys(("requests.Session", "requests.session", "requests.sessions.Session"), (NETWORK, _HTTP)),
    **dict.fromkeys(("httpx.Client", "httpx.AsyncClient"), (NETWORK, _HTTP | {"stream"})),
    "aiohttp.ClientSession": (NETWORK, _HTTP | {"ws_connect"}),
    **dict.fromkeys(("urllib3.PoolManager", "urllib3.ProxyManager"), (NETWORK, words("request urlopen"))),
    **dict.fromkeys(("http.client.HTTPConnection", "http.client.HTTPSConnection"), (NETWORK, words("connect request getresponse"))),
    **dict.fromkeys(("smtplib.SMTP", "smtplib.SMTP_SSL"), (NETWORK, words("connect login starttls sendmail send_message quit"))),
    **dict.fromkeys(("imaplib.IMAP4", "imaplib.IMAP4_SSL"), (NETWORK, words("login select search fetch store copy append"))),
    **dict.fromkeys(("ftplib.FTP", "ftplib.FTP_TLS"), (NETWORK, words("connect login retrbinary retrlines storbinary storlines nlst"))),
    "paramiko.SSHClient": (NETWORK, words("connect exec_command open_sftp")),
    "socket.socket": (NETWORK, words("connect accept recv recvfrom sendall makefile")),
    **dict.fromkeys(("boto3.client", "botocore.client.BaseClient"), (NETWORK, words("*"))),
    "twilio.rest.Client": (NETWORK, words("create fetch")),
    **dict.fromkeys(("slack_sdk.WebClient", "slack_sdk.web.async_client.AsyncWebClient"), (NETWORK, words("*"))),
    "sendgrid.SendGridAPIClient": (NETWORK, words("send")),
    **dict.fromkeys(("openai.OpenAI", "openai.AsyncOpenAI", "openai.AzureOpenAI", "openai.AsyncAzureOpenAI"), (MODEL, _ASKING)),
    **dict.fromkeys(("anthropic.Anthropic", "anthropic.AsyncAnthropic", "anthropic.Client"), (MODEL, _ASKING)),
    **dict.fromkeys(("mistralai.Mistral", "groq.Groq", "groq.AsyncGroq"), (MODEL, _ASKING | {"complete", "complete_async"})),
    **dict.fromkeys(("cohere.Client", "cohere.AsyncClient"), (MODEL, words("chat embed generate rerank classify"))),
    **dict.fromkeys(("ollama.Client", "ollama.AsyncClient"), (MODEL, words("chat generate embed embeddings"))),
    **dict.fromkeys(("google.generativeai.GenerativeModel", "google.genai.Client"), (MODEL, _ASKING)),
    **dict.fromkeys(("langchain_openai.ChatOpenAI", "langchain_openai.OpenAIEmbeddings"), (MODEL, _INVOKING)),
    **dict.fromkeys(("langchain_anthropic.ChatAnthropic", "langchain.chat_models.init_chat_model"), (MODEL, _INVOKING)),
    "transformers.pipeline": (MODEL, words("__call__")),
    "sentence_transformers.SentenceTransformer": (MODEL, words("encode")),
}
"""What makes an object whose methods wait, and which; `*` for all. They may stand behind attributes: `chat.completions.create`."""

LOCAL = words("close exceptions meta can_paginate generate_presigned_url generate_presigned_post get_paginator get_waiter")
"""Methods that do not wait, of an object all of whose others do."""

STREAMS = words(
    """fastapi.responses.StreamingResponse starlette.responses.StreamingResponse fastapi.StreamingResponse flask.Response
    flask.stream_with_context django.http.StreamingHttpResponse sse_starlette.sse.EventSourceResponse
    sse_starlette.EventSourceResponse"""
)
"""What takes a generator, and runs it as slowly as the client reads."""


def _mentioned() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in SLOW:
        found.setdefault(name.partition(".")[0], set()).add(name.rpartition(".")[2])
    for name, (_, methods) in CLIENTS.items():
        # `*` is met by the name under which the client is made
        found.setdefault(name.partition(".")[0], set()).update(methods, {name.rpartition(".")[2]})
    return {root: frozenset(names) for root, names in found.items()}


MENTIONED = _mentioned()
"""By the package that a file imports: names without which a function in it does not wait by itself."""
