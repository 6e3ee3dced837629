/* The voter's page. The slip comes from behind # and is sent by POST only; what was chosen is kept on this
   phone until the server has said that the ballot lies in the box, and forgotten then. */
(function () {
  "use strict";

  var DRAFT = "ballot"; // this tab: slip, code, marks; or, once cast, the receipt alone
  var SENT = "ballot-sent"; // this phone, only while an answer is missing: slip and code, never a choice
  var LARGE = "ballot-large";
  var TABLET = "ballot-tablet"; // this device is passed from hand to hand
  var NEXT_VOTER = 10; // seconds that a tablet shows a receipt
  var ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";
  var PATIENCE = 20000; // milliseconds until an answer counts as lost
  var NO_ANSWER = "网络中断，没有收到答复。您的选择还在本机，请再试一次；如果刚才已经投入票箱，不会重复计票。";
  var BUSY = "服务器暂时没有处理这次提交。您的选择还在本机，请稍等片刻再试；不会重复计票。";
  var STALE = "页面已过期，或者浏览器不保存 Cookie。请刷新页面后再试，您的选择还在本机。";
  var root = document.getElementById("vote");
  var csrf = document.querySelector("input[name=csrfmiddlewaretoken]").value;

  // --- what this phone remembers; in private mode everything works on, without a memory ---

  function read(store, key) {
    try { return JSON.parse(window[store].getItem(key)); } catch (ignore) { return null; }
  }
  function write(store, key, value) {
    try {
      if (value === null) { window[store].removeItem(key); } else { window[store].setItem(key, JSON.stringify(value)); }
    } catch (ignore) { /* no memory */ }
  }
  function keep(draft) { write("sessionStorage", DRAFT, draft); }

  // Scanned or typed with other dashes, capitals and look-alikes, it is the same slip (as sealing.plain reads it).
  function isSame(kept, slip) {
    function plain(typed) {
      return typed.normalize("NFKC").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/U/g, "V").replace(/[^0-9A-Z]/g, "");
    }
    return !!kept && plain(kept) === plain(slip);
  }

  // The draft of a slip: the one begun in this tab, or the trace of one that was sent and never answered.
  function draftOf(slip) {
    var kept = read("sessionStorage", DRAFT) || {};
    if (isSame(kept.slip, slip)) { return kept; }
    var sent = read("localStorage", SENT) || {};
    return isSame(sent.slip, slip) ? { slip: slip, code: sent.code, marks: {}, sent: true } : { slip: slip };
  }
  function newCode() {
    var bytes = new Uint8Array(26);
    window.crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return ALPHABET[b % 32]; }).join("");
  }

  // --- small pieces ---

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
    var tooLong = new Promise(function (ignore, reject) { window.setTimeout(reject, PATIENCE); });
    var answer = window.fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": csrf },
      body: body
    });
    return Promise.race([answer, tooLong]);
  }

  // --- 大字版 ---

  var large = document.getElementById("large-print");
  function showLarge(isLarge) {
    root.classList.toggle("large-print", isLarge);
    large.setAttribute("aria-pressed", isLarge ? "true" : "false");
    large.textContent = isLarge ? "标准字" : "大字版";
    write("localStorage", LARGE, isLarge || null);
  }
  large.hidden = false;
  large.addEventListener("click", function () { showLarge(!root.classList.contains("large-print")); });
  if (read("localStorage", LARGE)) { showLarge(true); }

  // --- 公用平板: nothing of a ballot outlives its receipt ---

  var isTablet = read("localStorage", TABLET) === true;
  var tablet = document.getElementById("shared-tablet");
  var clear = document.getElementById("clear-tablet");

  // Everything of the ballot goes: what the device remembers, what the page shows, the entry in the history.
  function startAfresh() {
    write("sessionStorage", DRAFT, null);
    write("localStorage", SENT, null);
    root.textContent = "";
    window.location.replace(root.dataset.doorUrl);
  }
  function showTablet() {
    tablet.setAttribute("aria-pressed", isTablet ? "true" : "false");
    tablet.textContent = isTablet ? "公用平板：已开" : "设为公用平板";
    tablet.hidden = !document.getElementById("slip-form");
    clear.hidden = !isTablet;
  }
  tablet.addEventListener("click", function () {
    isTablet = !isTablet;
    write("localStorage", TABLET, isTablet || null);
    showTablet();
  });
  clear.addEventListener("click", function () {
    if (window.confirm("清空这台平板上的填写，换下一位吗？还没有提交的选择会丢失，测评码没有用掉。")) { startAfresh(); }
  });
  showTablet();
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { window.location.reload(); } // a page the browser kept whole shows no old sheet
  });

  // Counts down under the receipt; then the door, for the next voter.
  function leaveSoon(page) {
    var left = NEXT_VOTER;
    var words = element("p", "", "notice");
    function tell() { words.textContent = "这是公用平板：请抄下回执码，" + left + " 秒后自动清空，换下一位。"; }
    tell();
    page.appendChild(words);
    window.setInterval(function () {
      left -= 1;
      if (left > 0) { tell(); } else if (left === 0) { startAfresh(); }
    }, 1000);
  }

  // --- casting ---

  // Ends on {receipt}, or on {refused}: nothing was counted; or on {unclear}: it may have been, ask again.
  function cast(draft) {
    draft.sent = true;
    keep(draft);
    write("localStorage", SENT, { slip: draft.slip, code: draft.code });
    var fields = { slip: draft.slip, code: draft.code };
    var panel = document.querySelector("#sheet-form input[name=panel]"); // lets the server find the box at once
    if (panel) { fields.panel = panel.value; }
    Object.keys(draft.marks).forEach(function (name) { fields[name] = draft.marks[name]; });
    return post(root.dataset.castUrl, fields).then(function (answer) {
      if (answer.ok) { return answer.json(); }
      if (answer.status !== 409) { return { unclear: answer.status === 403 ? STALE : BUSY }; }
      return answer.json().then(function (told) {
        draft.sent = false;
        keep(draft);
        write("localStorage", SENT, null);
        return told;
      });
    }).catch(function () { return { unclear: NO_ANSWER }; });
  }

  function forgetBallot(receipt) {
    keep(isTablet ? null : { receipt: receipt });
    write("localStorage", SENT, null);
  }

  function done(receipt) {
    forgetBallot(receipt);
    var page = element("div", "", "vote-done");
    var title = element("h1", "已投入票箱");
    title.tabIndex = -1;
    page.appendChild(title);
    page.appendChild(element("p", "您的测评已封存，任何人都看不到内容。"));
    var line = element("p", "回执码", "receipt-box");
    line.appendChild(element("strong", receipt, "code"));
    page.appendChild(line);
    page.appendChild(element("p", "请抄下或截图保存。封箱后可凭回执码查询这张票是否在箱内。回执码只能证明票在箱内，看不出投了什么。", "soft"));
    var links = element("p");
    var link = element("a", "查询回执", "btn btn-outline-secondary");
    link.href = root.dataset.receiptUrl;
    links.appendChild(link);
    var next = element("button", "本机换人投票", "btn btn-outline-secondary");
    next.type = "button";
    next.addEventListener("click", startAfresh);
    links.appendChild(next);
    page.appendChild(links);
    if (isTablet) {
      link.hidden = true; // the next voter must not find this receipt's page behind him
      leaveSoon(page);
    }
    root.textContent = "";
    root.appendChild(page);
    window.scrollTo(0, 0);
    title.focus();
  }

  // --- the sheet ---

  function useSheet(draft) {
    var form = document.getElementById("sheet-form");
    var said = document.getElementById("sheet-said");
    var summary = document.getElementById("summary");
    var summarySaid = document.getElementById("summary-said");
    var send = document.getElementById("summary-send");
    var entries = Array.prototype.slice.call(form.querySelectorAll(".entry"));
    var isAsked = false; // "submit" was pressed with lines still open

    function chosen(entry) { return entry.querySelector("input:checked"); }

    function fill() {
      draft.code = draft.code || newCode();
      draft.marks = draft.marks || {};
      entries.forEach(function (entry) {
        var name = "mark-" + entry.dataset.number;
        var input = entry.querySelector('input[value="' + draft.marks[name] + '"]');
        if (input) { input.checked = true; }
        if (chosen(entry)) { draft.marks[name] = chosen(entry).value; } else { delete draft.marks[name]; }
      });
      keep(draft);
    }
    function count() {
      var answered = entries.filter(chosen).length;
      document.getElementById("sheet-progress").hidden = false;
      document.getElementById("sheet-count").textContent = "已填 " + answered + " / " + entries.length + (isAsked && answered < entries.length ? "，还有 " + (entries.length - answered) + " 人没有选择" : "");
      document.getElementById("sheet-meter").value = answered;
    }
    function refuseMissing(missing) {
      isAsked = true;
      count();
      missing.forEach(function (entry) { entry.classList.add("is-missing"); });
      say(said, "还有 " + missing.length + " 人没有选择：第 " + missing.map(function (entry) { return entry.dataset.number; }).join("、") + " 项。不想评价的请选“弃权”。");
      missing[0].querySelector("input").focus({ preventScroll: true });
      missing[0].scrollIntoView({ block: "center" });
    }
    function showSummary() {
      var lines = document.getElementById("summary-lines");
      var figures = {};
      lines.textContent = "";
      entries.forEach(function (entry) {
        var row = element("tr");
        var words = chosen(entry).parentNode.textContent.trim();
        figures[words] = (figures[words] || 0) + 1;
        row.appendChild(element("td", entry.dataset.number, "num soft"));
        row.appendChild(element("td", entry.querySelector(".entry-label").textContent));
        row.appendChild(element("td", words, "summary-choice"));
        lines.appendChild(row);
      });
      var choices = Array.prototype.map.call(entries[0].querySelectorAll(".choice"), function (label) { return label.textContent.trim(); });
      document.getElementById("summary-figures").textContent = choices.filter(function (words) { return figures[words]; }).map(function (words) { return words + " " + figures[words]; }).join("　");
      form.hidden = true;
      summary.hidden = false;
      window.history.pushState("summary", ""); // the phone's back key leads back to the sheet
      window.scrollTo(0, 0);
      document.getElementById("summary-title").focus({ preventScroll: true });
    }
    function showSheet() {
      summary.hidden = true;
      form.hidden = false;
      document.getElementById("sheet-submit").focus();
    }

    form.setAttribute("novalidate", "");
    fill();
    count();
    form.addEventListener("change", function (event) {
      draft.marks[event.target.name] = event.target.value;
      keep(draft);
      event.target.closest(".entry").classList.remove("is-missing");
      count();
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var missing = entries.filter(function (entry) { return !chosen(entry); });
      say(said, "");
      if (missing.length) { refuseMissing(missing); } else { showSummary(); }
    });
    document.getElementById("summary-back").addEventListener("click", function () {
      if (window.history.state === "summary") { window.history.back(); } else { showSheet(); }
    });
    window.addEventListener("popstate", function () {
      if (!summary.hidden && !send.disabled) { showSheet(); }
    });
    send.addEventListener("click", function () {
      if (send.disabled) { return; }
      send.disabled = true;
      send.textContent = "正在提交……";
      say(summarySaid, "");
      cast(draft).then(function (told) {
        if (told.receipt) { done(told.receipt); return; }
        send.disabled = false;
        send.textContent = "确认提交";
        say(summarySaid, told.refused || told.unclear);
      });
    });
  }

  // --- from the slip to the sheet ---

  function enter(draft) {
    var slipForm = document.getElementById("slip-form");
    var loading = document.getElementById("vote-loading");
    var said = document.getElementById("vote-said");

    function refuse(words) {
      loading.hidden = true;
      slipForm.hidden = false;
      document.getElementById("slip").value = draft.slip;
      say(said, words);
    }
    function openSheet() {
      post(root.dataset.sheetUrl, { slip: draft.slip }).then(function (answer) {
        if (answer.status === 409) { return answer.json().then(function (told) { refuse(told.refused); }); }
        if (!answer.ok) { refuse(answer.status === 403 ? STALE : BUSY); return null; }
        return answer.text().then(function (html) {
          var tools = root.querySelector(".vote-tools");
          var parsed = new DOMParser().parseFromString(html, "text/html");
          root.textContent = "";
          tablet.hidden = true;
          root.appendChild(tools);
          root.appendChild(document.importNode(parsed.querySelector(".sheet"), true));
          useSheet(draft);
        });
      }).catch(function () { refuse("网络不通，测评表没有打开。请检查网络后再点一次“打开测评表”。"); });
    }
    // The answer to a ballot is missing: the same ballot with the same code again ends on its receipt
    // if it was counted, and on the filled sheet if it was not.
    function askAgain() {
      cast(draft).then(function (told) {
        if (told.receipt) { done(told.receipt); } else if (told.unclear) { refuse(told.unclear); } else { openSheet(); }
      });
    }

    slipForm.hidden = true;
    loading.hidden = false;
    say(said, "");
    if (draft.sent) { askAgain(); } else { openSheet(); }
  }

  function slipInAddress() {
    try { return decodeURIComponent(window.location.hash.slice(1)); } catch (ignore) { return ""; }
  }

  // The slip never stays in the address bar, the history or a screenshot of it.
  var slip = slipInAddress();
  if (window.location.hash) { window.history.replaceState(null, "", window.location.pathname); }
  window.addEventListener("hashchange", function () { window.location.reload(); }); // another slip, the same tab

  var kept = read("sessionStorage", DRAFT) || {};
  var onServer = document.getElementById("vote-done");
  if (document.getElementById("slip-form")) {
    document.getElementById("slip-form").addEventListener("submit", function (event) {
      event.preventDefault();
      enter(draftOf(document.getElementById("slip").value.trim()));
    });
    if (slip) {
      enter(draftOf(slip));
    } else if (kept.receipt) {
      done(kept.receipt);
    } else if (kept.slip) {
      enter(kept);
    }
  } else if (document.getElementById("sheet-form")) {
    // Reached by a plain form: from here on the script helps.
    var typed = draftOf(document.querySelector("input[name=slip]").value);
    typed.code = typed.code || document.querySelector("input[name=code]").value;
    useSheet(typed);
  } else if (onServer) {
    forgetBallot(onServer.dataset.receipt);
    document.getElementById("next-voter").addEventListener("click", function () { keep(null); });
  }
})();
