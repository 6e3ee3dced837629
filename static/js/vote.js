/* The voter's page. The slip comes from behind # and is sent by POST only; what was chosen is kept on this
   phone until the server has said that the ballot lies in the box, and forgotten then. */
(function () {
  "use strict";

  var KEEP = "ballot";
  var ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";
  var root = document.getElementById("vote");
  var csrf = document.querySelector("input[name=csrfmiddlewaretoken]").value;

  function load() {
    try { return JSON.parse(window.sessionStorage.getItem(KEEP)) || {}; } catch (ignore) { return {}; }
  }
  function keep(draft) {
    try { window.sessionStorage.setItem(KEEP, JSON.stringify(draft)); } catch (ignore) { /* private mode: works on, without a draft */ }
  }
  function newCode() {
    var bytes = new Uint8Array(26);
    window.crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return ALPHABET[b % 32]; }).join("");
  }
  function element(name, words, className) {
    var made = document.createElement(name);
    if (words) { made.textContent = words; }
    if (className) { made.className = className; }
    return made;
  }
  function say(place, words) {
    place.textContent = "";
    if (words) {
      var notice = element("div", words, "notice notice-error");
      notice.setAttribute("role", "alert");
      place.appendChild(notice);
      notice.scrollIntoView({ block: "center" });
    }
  }
  function post(url, fields) {
    var body = Object.keys(fields).map(function (name) { return encodeURIComponent(name) + "=" + encodeURIComponent(fields[name]); }).join("&");
    return window.fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": csrf },
      body: body
    });
  }

  var large = document.getElementById("large-print");
  function showLarge(isLarge) {
    root.classList.toggle("large-print", isLarge);
    large.setAttribute("aria-pressed", isLarge ? "true" : "false");
    large.textContent = isLarge ? "标准字" : "大字版";
  }
  large.hidden = false;
  large.addEventListener("click", function () { showLarge(!root.classList.contains("large-print")); });

  function done(receipt) {
    keep({ receipt: receipt });
    var page = element("div", "", "vote-done");
    page.setAttribute("role", "status");
    page.appendChild(element("h1", "已投入票箱"));
    page.appendChild(element("p", "您的测评已封存，任何人都看不到内容。"));
    var line = element("p", "回执码：");
    line.appendChild(element("strong", receipt, "code"));
    page.appendChild(line);
    page.appendChild(element("p", "封箱后可凭回执码查询这张票是否在箱内。回执码只能证明票在箱内，不能看出投了什么。请抄下或截图保存。", "soft"));
    var link = element("a", "查询回执");
    link.href = root.dataset.receiptUrl;
    page.appendChild(link);
    root.textContent = "";
    root.appendChild(page);
    window.scrollTo(0, 0);
  }

  function useSheet(draft) {
    var form = document.getElementById("sheet-form");
    var progress = document.getElementById("sheet-progress");
    var said = document.getElementById("sheet-said");
    var summary = document.getElementById("summary");
    var summarySaid = document.getElementById("summary-said");
    var send = document.getElementById("summary-send");
    var entries = form.querySelectorAll(".entry");
    form.setAttribute("novalidate", "");
    draft.code = draft.code || newCode();
    draft.marks = draft.marks || {};
    keep(draft);

    function chosen(entry) { return entry.querySelector("input:checked"); }
    function count() {
      var answered = form.querySelectorAll(".entry input:checked").length;
      progress.hidden = false;
      progress.textContent = "已填 " + answered + " / " + entries.length;
      return answered;
    }
    Object.keys(draft.marks).forEach(function (name) {
      var input = form.querySelector('input[name="' + name + '"][value="' + draft.marks[name] + '"]');
      if (input) { input.checked = true; }
    });
    count();

    form.addEventListener("change", function (event) {
      if (event.target.type !== "radio") { return; }
      draft.marks[event.target.name] = event.target.value;
      keep(draft);
      event.target.closest(".entry").classList.remove("is-missing");
      count();
    });

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation();
      var missing = Array.prototype.filter.call(entries, function (entry) { return !chosen(entry); });
      if (missing.length) {
        missing.forEach(function (entry) { entry.classList.add("is-missing"); });
        say(said, "还有 " + missing.length + " 人没有选择：第 " + missing.map(function (entry) { return entry.dataset.number; }).join("、") + " 项。不想评价的请选“弃权”。");
        missing[0].scrollIntoView({ block: "center" });
        return;
      }
      say(said, "");
      var lines = document.getElementById("summary-lines");
      lines.textContent = "";
      Array.prototype.forEach.call(entries, function (entry) {
        var row = element("tr");
        row.appendChild(element("td", entry.querySelector("legend").childNodes[2].textContent.trim()));
        row.appendChild(element("td", chosen(entry).parentNode.textContent.trim()));
        lines.appendChild(row);
      });
      form.hidden = true;
      summary.hidden = false;
      window.scrollTo(0, 0);
    });

    document.getElementById("summary-back").addEventListener("click", function () {
      summary.hidden = true;
      form.hidden = false;
    });

    send.addEventListener("click", function () {
      if (send.disabled) { return; }
      send.disabled = true;
      send.textContent = "正在提交……";
      draft.sent = true;
      keep(draft);
      post(root.dataset.castUrl, ballot(draft)).then(function (answer) {
        return answer.json().then(function (told) {
          if (answer.ok) { done(told.receipt); return; }
          again(told.refused);
        });
      }).catch(function () {
        // The answer may have been lost after the ballot was counted: sending the same again is safe.
        again("网络中断，没有收到答复。您的选择还在本机，请点“确认提交”再试；如果刚才已经投入票箱，不会重复计票。");
      });
    });
    function again(words) {
      send.disabled = false;
      send.textContent = "确认提交";
      say(summarySaid, words || "提交没有成功，请再试一次。");
    }
  }

  function ballot(draft) {
    var fields = { slip: draft.slip, code: draft.code };
    Object.keys(draft.marks).forEach(function (name) { fields[name] = draft.marks[name]; });
    return fields;
  }

  // The page was left while the answer was on its way: the same ballot with the same code again
  // ends on its receipt if it was counted, and on the filled sheet if it was not.
  function askAgain(draft) {
    post(root.dataset.castUrl, ballot(draft)).then(function (answer) {
      if (answer.ok) { return answer.json().then(function (told) { done(told.receipt); }); }
      draft.sent = false;
      keep(draft);
      open(draft);
    }).catch(function () { open(draft); });
  }

  function open(draft) {
    var slipForm = document.getElementById("slip-form");
    var loading = document.getElementById("vote-loading");
    var said = document.getElementById("vote-said");
    slipForm.hidden = true;
    loading.hidden = false;
    post(root.dataset.sheetUrl, { slip: draft.slip }).then(function (answer) {
      if (answer.ok) {
        return answer.text().then(function (html) {
          var tools = root.querySelector(".vote-tools");
          var parsed = new DOMParser().parseFromString(html, "text/html");
          root.textContent = "";
          root.appendChild(tools);
          root.appendChild(document.importNode(parsed.querySelector(".sheet"), true));
          keep(draft);
          useSheet(draft);
        });
      }
      return answer.json().then(function (told) { closed(told.refused); });
    }).catch(function () { closed("网络不通，测评表没有打开。请检查网络后再点一次“打开测评表”。"); });

    function closed(words) {
      loading.hidden = true;
      slipForm.hidden = false;
      document.getElementById("slip").value = draft.slip;
      say(said, words);
    }
  }

  // The slip never stays in the address bar, the history or a screenshot of it.
  var slip = decodeURIComponent(window.location.hash.slice(1));
  if (slip) { window.history.replaceState(null, "", window.location.pathname); }
  var draft = load();
  if (slip && slip !== draft.slip) { draft = { slip: slip }; }

  var slipForm = document.getElementById("slip-form");
  if (slipForm) {
    slipForm.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation();
      var typed = document.getElementById("slip").value.trim();
      var kept = load();
      open(kept.slip === typed ? kept : { slip: typed });
    });
    if (draft.receipt && !slip) {
      done(draft.receipt);
    } else if (draft.slip && draft.sent) {
      askAgain(draft);
    } else if (draft.slip) {
      open(draft);
    }
  } else if (document.getElementById("sheet-form")) {
    // Reached by a plain form: from here on the script helps.
    useSheet({ slip: document.querySelector("input[name=slip]").value });
  }
})();
