/* The writing page: no keystroke is lost. Every change is kept in this browser at once and sent after a pause;
   it is forgotten here only when the server has acknowledged that very text. */
(function () {
  "use strict";

  var Drafts = window.Drafts;
  var PAUSE = 2000; // milliseconds without typing before the text is saved
  var LONGEST_PAUSE = 15000; // who never pauses is saved all the same
  var RETRY = 15000;
  var KEEPALIVE_BYTES = 60000; // more a browser does not send after the page is gone

  // Handed in: this browser keeps no copy of it; a text that differs is offered to be copied.
  var done = document.querySelector("[data-handed-in]");
  if (done) {
    afterHandingIn(done);
  }
  var form = document.getElementById("report-form");
  if (form) {
    write(form);
  }

  // As the server tidies a text; joiners are left out on both sides.
  function tidy(text) {
    return String(text).replace(/\r\n?|[\u2028\u2029\u000b\u000c\u0085]/g, "\n")
      .replace(/[^\P{C}\n\t\p{Cn}\p{Co}]/gu, "").trim();
  }
  function same(one, other) {
    return Object.keys(other).every(function (name) { return tidy(one[name] || "") === tidy(other[name]); });
  }
  function clock(time) {
    return ("0" + time.getHours()).slice(-2) + ":" + ("0" + time.getMinutes()).slice(-2);
  }
  function day(at) {
    var time = new Date(at);
    return (time.getMonth() + 1) + " 月 " + time.getDate() + " 日 " + clock(time);
  }
  function length(texts) {
    return Object.keys(texts).reduce(function (sum, name) { return sum + texts[name].replace(/\s/g, "").length; }, 0);
  }
  // Where two texts part, and where they meet again.
  function difference(one, other) {
    var head = 0;
    var tail = 0;
    var shorter = Math.min(one.length, other.length);
    while (head < shorter && one[head] === other[head]) { head += 1; }
    while (tail < shorter - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) { tail += 1; }
    return [head, tail];
  }
  function column(title, text, parts) {
    var cell = document.createElement("div");
    var name = document.createElement("h4");
    var words = document.createElement("div");
    var mark = document.createElement("mark");
    name.textContent = title;
    words.className = "keep-lines";
    mark.textContent = text.slice(parts[0], text.length - parts[1]);
    words.append(text.slice(0, parts[0]), mark, text.slice(text.length - parts[1]));
    cell.append(name, words);
    return cell;
  }
  // Two texts side by side, the sections that differ only.
  function sideBySide(kept, stands, labels) {
    var all = document.createElement("div");
    Object.keys(stands).forEach(function (name) {
      var mine = kept[name] || "";
      if (tidy(mine) === tidy(stands[name])) {
        return;
      }
      var title = document.createElement("h3");
      var row = document.createElement("div");
      var parts = difference(mine, stands[name]);
      title.textContent = labels[name];
      row.className = "side-by-side";
      row.append(column("本机留存", mine, parts));
      row.append(column("服务器现存", stands[name], parts));
      all.append(title, row);
    });
    return all;
  }
  // One kept text on offer. ``actions``: [words, function] of each button.
  function offer(found, stands, labels, words, actions) {
    var notice = document.createElement("div");
    var told = document.createElement("p");
    var details = document.createElement("details");
    var summary = document.createElement("summary");
    notice.className = "notice notice-warning kept-text";
    told.textContent = words;
    summary.textContent = "逐部分对照两份文字";
    details.append(summary, sideBySide(found.draft.texts, stands, labels));
    notice.append(told, details);
    actions.forEach(function (action) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-secondary";
      button.textContent = action[0];
      button.addEventListener("click", function () { action[1](notice); });
      notice.append(button, " ");
    });
    return notice;
  }

  function afterHandingIn(article) {
    var stands = {};
    var labels = {};
    article.querySelectorAll("[data-section]").forEach(function (part) {
      stands[part.dataset.section] = part.dataset.empty ? "" : part.textContent;
      labels[part.dataset.section] = part.dataset.label;
    });
    Drafts.under(article.dataset.handedIn).forEach(function (found) {
      if (same(found.draft.texts, stands)) {
        Drafts.forget(found.key);
        return;
      }
      article.parentNode.insertBefore(offer(found, stands, labels,
        "本机还留有 " + day(found.draft.at) + " 写的、与已提交的报告不同的文字。需要的请复制，之后请丢弃。",
        [["丢弃", function (notice) { Drafts.forget(found.key); notice.remove(); }]]), article);
    });
  }

  function write(form) {
    var told = document.getElementById("saved");
    var offers = document.getElementById("kept-here");
    var others = document.getElementById("other-tab");
    var edition = form.elements.edition;
    var prefix = form.dataset.store;
    var page = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    var key = prefix + "/" + page;
    // Two texts are being merged, or an old version was loaded: only a save by hand may replace what stands.
    var savesItself = "live" in form.dataset && !/^(on|true)$/i.test(form.elements.keep_current.value);
    var acknowledged = texts(); // what the server has said that it has, or what it gave
    var unheard = []; // sent, and never answered: the server may have them
    var timer = null;
    var waitingSince = null;
    var underWay = false;
    var afterwards = []; // what waits for the answer under way
    var leaving = false;

    function boxes() {
      return Array.prototype.slice.call(form.querySelectorAll("textarea"));
    }
    function texts() {
      var found = {};
      form.querySelectorAll("textarea").forEach(function (box) { found[box.name] = box.value; });
      return found;
    }
    function labels() {
      var found = {};
      boxes().forEach(function (box) { found[box.name] = box.dataset.label || box.name; });
      return found;
    }
    function isDirty() {
      return !same(texts(), acknowledged);
    }
    function say(words, isTrouble) {
      if (told.textContent !== words) { told.textContent = words; } // said once, not at every key
      told.classList.toggle("trouble", Boolean(isTrouble));
    }
    function keepHere() {
      return Drafts.keep(key, { edition: edition.value, texts: texts(), unheard: unheard.slice(-1) });
    }
    function here(isKept) {
      return isKept ? "文字已留在本机" : "本机无法留存文字，请不要关闭本页";
    }

    function plan(delay) {
      window.clearTimeout(timer);
      if (savesItself) {
        timer = window.setTimeout(save, delay);
      }
    }

    function answerOf(response) {
      if (response.type === "opaqueredirect") { return { trouble: "login" }; }
      var isJson = (response.headers.get("content-type") || "").indexOf("application/json") === 0;
      if (isJson) { return response.json().then(function (answer) { answer.ok = response.ok; return answer; }); }
      return { trouble: response.status === 403 || response.status === 404 ? "account" : "server" };
    }
    // The cookie's token: a new login, in another window too, has changed the one in the form.
    function freshToken() {
      var found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      if (found) { form.elements.csrfmiddlewaretoken.value = found[1]; }
    }

    function save() {
      if (underWay || !savesItself || Drafts.isLeaving) {
        return;
      }
      var wrong = boxes().map(Drafts.tooLong).join("");
      if (wrong) {
        say(wrong + here(keepHere()) + "。", true);
        finished();
        return;
      }
      underWay = true;
      waitingSince = null;
      freshToken();
      var sent = texts();
      var body = new URLSearchParams(new FormData(form));
      say("正在保存…");
      fetch(form.dataset.autosave, {
        method: "POST",
        body: body,
        credentials: "same-origin",
        redirect: "manual",
        keepalive: String(body).length < KEEPALIVE_BYTES,
        headers: { "Accept": "application/json" }
      }).then(answerOf, function () { return { trouble: "network" }; }).then(function (answer) {
        underWay = false;
        hear(answer, sent);
        finished();
      });
    }
    function finished() {
      var waiting = afterwards;
      afterwards = [];
      waiting.forEach(function (go) { go(); });
    }

    var TROUBLES = {
      network: "网络中断，%，恢复后自动保存",
      server: "服务器没有保存成功，%，稍后自动再试",
      login: "登录已过期，%；请在新窗口登录，本页随后自动保存",
      account: "当前登录的账号或页面已变化，%；请用原账号登录后刷新本页"
    };

    function hear(answer, sent) {
      if (answer.trouble) {
        unheard.push(sent);
        say(TROUBLES[answer.trouble].replace("%", here(keepHere())) + "。", true);
        if (answer.trouble === "login") { offerLogin(); }
        plan(RETRY);
      } else if (answer.ok) {
        edition.value = answer.edition;
        acknowledged = sent;
        unheard = [];
        if (same(texts(), sent)) { Drafts.forget(key); } else { keepHere(); plan(PAUSE); }
        say("已保存 " + answer.saved_at);
        tell("saved");
      } else if (answer.sections && unheard.some(function (one) { return same(one, answer.sections); })) {
        // Our own save had arrived, only its answer was lost.
        edition.value = answer.edition;
        unheard = [];
        plan(0);
      } else if (answer.sections) {
        savesItself = false;
        say("另一处保存过这份报告，本页没有保存，" + here(keepHere()) + "。", true);
        showOthers("这份报告在您打开本页之后已在别处（另一标签页或另一台电脑）保存过。两份文字都还在：请按“核对两份文字”，选用一份或合并后再保存。", true);
      } else {
        savesItself = false;
        say(answer.message + here(keepHere()) + "。", true);
      }
    }

    function offerLogin() {
      var link = document.createElement("a");
      link.href = form.dataset.login;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "去登录";
      told.append(" ", link);
    }

    // Other windows of this browser on the same report tell each other that they are there.
    var radio = window.BroadcastChannel ? new BroadcastChannel(prefix) : null;
    var present = {};
    function tell(what) {
      if (radio) { radio.postMessage({ what: what, page: page }); }
    }
    function showOthers(words, mayMerge) {
      others.querySelector("[data-words]").textContent = words;
      others.querySelector("[data-merge]").hidden = !mayMerge;
      others.hidden = false;
    }
    if (radio) {
      radio.onmessage = function (event) {
        var from = event.data.page;
        if (event.data.what === "bye") {
          delete present[from];
          return;
        }
        present[from] = true;
        if (event.data.what === "hello") { tell("here"); }
        if (event.data.what === "saved") {
          showOthers(isDirty()
            ? "另一标签页刚保存过这份报告；本页还有没保存的文字。两份都不会丢，请按“核对两份文字”合并。"
            : "另一标签页刚保存过这份报告，本页显示的是之前的文字。请刷新本页后再写。", isDirty());
        } else if (others.hidden) {
          showOthers("这份报告还开着另一个标签页。请只在一页里写；两页都写时，后保存的一页会请您核对，两份文字都不会丢。", false);
        }
      };
      tell("hello");
    }
    others.querySelector("[data-merge]").addEventListener("click", function () {
      form.requestSubmit(form.querySelector("[data-save]") || undefined);
    });

    // What earlier visits could not save is offered beside what stands; it never replaces it by itself.
    function offerKept() {
      Drafts.under(prefix).forEach(function (found) {
        var owner = found.key.slice(prefix.length + 1);
        if (owner === page || present[owner]) {
          return;
        }
        if (same(found.draft.texts, texts())) {
          Drafts.forget(found.key);
          return;
        }
        if (!("fresh" in form.dataset)) {
          return;
        }
        var isOlder = String(found.draft.edition) !== String(edition.value);
        offers.append(offer(found, acknowledged, labels(),
          "本机留有 " + day(found.draft.at) + " 写的、没有保存到服务器的文字（" + length(found.draft.texts) + " 字；服务器现存 " + length(acknowledged) + " 字）。"
          + (isOlder ? "在那之后服务器上的报告又保存过：恢复后请核对，再按“保存”，服务器上的那份会先存为一个版本。" : ""),
          [["恢复到页面", function (notice) { restore(found, isOlder); notice.remove(); }],
            ["丢弃", function (notice) { Drafts.forget(found.key); notice.remove(); }]]));
        offers.hidden = false;
      });
    }
    function restore(found, isOlder) {
      boxes().forEach(function (box) {
        if (box.name in found.draft.texts) { box.value = found.draft.texts[box.name]; }
      });
      if (isOlder && !sentBefore(found)) {
        form.elements.keep_current.value = "on";
        savesItself = false;
      }
      unheard = unheard.concat(found.draft.unheard || [], [found.draft.texts]);
      if (keepHere()) { Drafts.forget(found.key); }
      boxes()[0].dispatchEvent(new Event("input", { bubbles: true }));
    }
    // Its sending was cut off, but it had arrived: what stands is its own beginning.
    function sentBefore(found) {
      return (found.draft.unheard || []).some(function (one) { return same(one, acknowledged); });
    }
    window.setTimeout(offerKept, radio ? 400 : 0);

    // A text that came back with a complaint is not on the server yet.
    if (!("fresh" in form.dataset)) {
      keepHere();
      acknowledged = {};
      boxes().forEach(function (box) { acknowledged[box.name] = ""; });
      plan(PAUSE);
    }

    form.addEventListener("input", function (event) {
      if (event.target.tagName !== "TEXTAREA") {
        return;
      }
      var isKept = keepHere();
      waitingSince = waitingSince || Date.now();
      if (savesItself) {
        say(isKept ? "未保存，停笔后自动保存" : here(false) + "，正在等待保存", !isKept);
        plan(Math.max(0, Math.min(PAUSE, LONGEST_PAUSE - (Date.now() - waitingSince))));
      } else {
        say("未保存，" + here(isKept) + "；请按“保存”。", !isKept);
      }
    });

    document.addEventListener("keydown", function (event) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        plan(0);
      }
    });
    window.addEventListener("online", function () { if (isDirty()) { plan(0); } });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden" && isDirty() && !leaving) { save(); }
    });
    window.addEventListener("pagehide", function () { tell("bye"); });
    window.addEventListener("beforeunload", function (event) {
      if (!leaving && isDirty() && !keepHere()) {
        event.preventDefault();
        event.returnValue = "";
      }
    });

    // A login page must not stand where the checks stand.
    document.addEventListener("htmx:beforeOnLoad", function (event) {
      var xhr = event.detail.xhr;
      if ((xhr.getResponseHeader("HX-Redirect") || xhr.getResponseHeader("HX-Refresh")) && form.contains(event.detail.elt)) {
        event.preventDefault();
        if (isDirty()) { plan(0); }
      }
    });

    // Saved by hand: kept here until the next page shows that it arrived.
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      keepHere();
      if (underWay) {
        // The answer brings the edition that this form must carry.
        event.preventDefault();
        event.stopImmediatePropagation();
        var button = event.submitter || pressed;
        afterwards.push(function () { form.requestSubmit(button || undefined); });
        return;
      }
      freshToken();
      leaving = true;
      window.setTimeout(function () { leaving = false; }, 4000);
    }, true);
    var pressed = null;
    form.addEventListener("click", function (event) {
      pressed = event.target.closest("button[type=submit]") || pressed;
    });

    // "采用已保存的": the typed text is a version on the server by now, this browser needs no copy.
    document.addEventListener("click", function (event) {
      if (event.target.closest("[data-take-theirs]")) { Drafts.forget(key); leaving = true; }
      var part = event.target.closest("[data-take-part]");
      if (part) {
        var box = form.elements[part.dataset.takePart];
        box.value = part.parentNode.querySelector("[data-stands]").textContent;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.focus();
      }
    });

    // Before a logout everything is tried once more.
    Drafts.beforeLeaving.push(function (finish) {
      if (!isDirty() || !savesItself) {
        finish();
        return;
      }
      afterwards.push(finish);
      window.clearTimeout(timer);
      save();
    });
  }
})();
