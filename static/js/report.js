/* The writing page: saves by itself, keeps what is not yet saved in this browser, leads from a finding to its place. */
(function () {
  "use strict";

  // A finding leads to its place in the text.
  document.addEventListener("click", function (event) {
    var finding = event.target.closest("button.finding");
    var box = finding && document.getElementById(finding.dataset.field);
    if (!box) {
      return;
    }
    var start = Number(finding.dataset.start);
    var end = Number(finding.dataset.end);
    box.focus();
    box.setSelectionRange(start, end);
    box.scrollTop = heightBefore(box, start) - box.clientHeight / 2;
    box.scrollIntoView({ block: "center" });
  });

  // How far down a place stands: a twin of the box, holding the text before it alone, tells by its height.
  function heightBefore(box, place) {
    var twin = box.cloneNode(false);
    twin.removeAttribute("id");
    twin.removeAttribute("name");
    twin.rows = 1;
    twin.style.cssText = "position:absolute;visibility:hidden;height:0;min-height:0;width:" + box.offsetWidth + "px";
    twin.value = box.value.slice(0, place);
    box.parentNode.appendChild(twin);
    var height = twin.scrollHeight;
    box.parentNode.removeChild(twin);
    return height;
  }

  // A usual opinion is added to what the vetter wrote, to be reworded.
  var template = document.getElementById("id_template");
  var opinion = document.getElementById("id_opinion");
  if (template && opinion) {
    template.addEventListener("change", function () {
      if (template.value) {
        opinion.value = (opinion.value.trim() ? opinion.value.trim() + "\n" : "") + template.value;
        template.value = "";
        opinion.focus();
      }
    });
  }

  // The browser's own store may be full or forbidden; the page works without it.
  function remember(key, value) {
    try { window.localStorage.setItem(key, value); } catch (error) { return false; }
    return true;
  }
  function recall(key) {
    try { return JSON.parse(window.localStorage.getItem(key)); } catch (error) { return null; }
  }
  function forget(key) {
    try { window.localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
  }

  // Handed in: this browser keeps no copy.
  var done = document.querySelector("[data-forget]");
  if (done) {
    forget(done.dataset.forget);
  }

  var form = document.getElementById("report-form");
  if (!form) {
    return;
  }

  var PAUSE = 3000; // milliseconds without typing before the text is saved
  var RETRY = 15000;
  var key = form.dataset.store;
  var edition = form.elements.edition;
  var told = document.getElementById("saved");
  var keepsOther = /^(on|true)$/i.test(form.elements.keep_current.value);
  // Two texts are being merged, or an old version was loaded: only a save by hand may replace what stands.
  var savesItself = "live" in form.dataset && !keepsOther;
  var timer = null;
  var underWay = false;
  var lastSent = null;
  var waitingButton = null;
  var pressed = null;

  function texts() {
    var found = {};
    form.querySelectorAll("textarea").forEach(function (box) { found[box.name] = box.value; });
    return found;
  }
  // The server tidies blanks and invisible characters; they make no difference here.
  function ink(found) {
    return Object.keys(found).sort().map(function (name) {
      return name + ":" + String(found[name]).replace(/[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u0000-\u001f]/g, "");
    }).join("|");
  }
  function keepHere() {
    remember(key, JSON.stringify({ at: Date.now(), texts: texts() }));
  }
  function say(words) {
    told.textContent = words;
  }

  // What an earlier visit could not save.
  var kept = recall(key);
  var offer = document.getElementById("kept-here");
  if (kept && kept.texts && "fresh" in form.dataset) {
    if (ink(kept.texts) === ink(texts())) {
      forget(key);
    } else {
      offer.querySelector("[data-kept-at]").textContent = "（" + new Date(kept.at).toLocaleString("zh-CN") + "）";
      offer.hidden = false;
      offer.querySelector("[data-restore]").addEventListener("click", function () {
        Object.keys(kept.texts).forEach(function (name) {
          if (form.elements[name]) { form.elements[name].value = kept.texts[name]; }
        });
        offer.hidden = true;
        form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
      });
      offer.querySelector("[data-discard]").addEventListener("click", function () {
        forget(key);
        offer.hidden = true;
      });
    }
  }

  function plan(delay) {
    window.clearTimeout(timer);
    if (savesItself) {
      timer = window.setTimeout(save, delay);
    }
  }

  function save() {
    if (underWay) {
      plan(PAUSE);
      return;
    }
    underWay = true;
    var sent = texts();
    fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      headers: { "Accept": "application/json" }
    }).then(function (response) {
      var isJson = (response.headers.get("content-type") || "").indexOf("application/json") === 0;
      if (!isJson) { throw new Error("no answer from the server itself"); }
      return response.json().then(function (answer) { hear(response, answer, sent); });
    }).catch(function () {
      lastSent = sent;
      say("自动保存没有成功（网络中断或登录已过期），文字已留在本浏览器。");
      plan(RETRY);
    }).then(function () {
      underWay = false;
      if (waitingButton) {
        var button = waitingButton;
        waitingButton = null;
        form.requestSubmit(button);
      }
    });
  }

  function hear(response, answer, sent) {
    if (response.ok) {
      edition.value = answer.edition;
      lastSent = null;
      if (ink(texts()) === ink(sent)) { forget(key); }
      say("已自动保存 " + answer.saved_at);
    } else if (answer.sections && lastSent && ink(answer.sections) === ink(lastSent)) {
      // Our own save had arrived, only its answer was lost.
      edition.value = answer.edition;
      plan(0);
    } else {
      savesItself = false;
      say(answer.message + "您的文字还在本页，并留在本浏览器；按“保存”核对。");
    }
  }

  form.addEventListener("input", function () {
    offer.hidden = true;
    keepHere();
    say("");
    plan(PAUSE);
  });

  form.addEventListener("click", function (event) {
    pressed = event.target.closest("button[type=submit]") || pressed;
  });

  form.addEventListener("submit", function (event) {
    window.clearTimeout(timer);
    keepHere();
    if (underWay) {
      // The answer brings the edition that this form must carry.
      event.preventDefault();
      event.stopPropagation();
      waitingButton = pressed;
    }
  });
})();
