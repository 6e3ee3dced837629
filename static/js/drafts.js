/* What was typed and is not yet on the server, kept in this browser: per person and thing, per open page.
   A person who logs out leaves nothing behind; another account never sees it. */
(function () {
  "use strict";

  var LONGEST_DAYS = 30;

  function store() {
    try { return window.localStorage; } catch (error) { return null; } // forbidden: pages work without it
  }
  function keys() {
    var found = [];
    var here = store();
    for (var i = 0; here && i < here.length; i += 1) {
      if (here.key(i).indexOf("draft/") === 0) { found.push(here.key(i)); }
    }
    return found;
  }
  function read(key) {
    try { return JSON.parse(store().getItem(key)); } catch (error) { return null; }
  }
  function forget(key) {
    try { store().removeItem(key); } catch (error) { /* nothing was kept */ }
  }

  // A key is "draft/<person>/<thing>/<page>": two windows never write over each other.
  window.Drafts = {
    forget: forget,
    isLeaving: false, // logged out: from here on nothing is kept or sent any more
    keep: function (key, draft) {
      if (window.Drafts.isLeaving) { return true; }
      draft.at = Date.now();
      try { store().setItem(key, JSON.stringify(draft)); } catch (error) { return false; }
      return true;
    },
    // Every draft under a beginning of a key, newest first.
    under: function (beginning) {
      return keys().filter(function (key) { return key.indexOf(beginning + "/") === 0; }).map(function (key) {
        return { key: key, draft: read(key) };
      }).filter(function (found) { return found.draft && found.draft.texts; }).sort(function (one, other) {
        return other.draft.at - one.draft.at;
      });
    },
    // What pages have to do before the person may leave: functions that call back when done.
    beforeLeaving: []
  };

  keys().forEach(function (key) {
    var draft = read(key);
    if (!draft || !(Date.now() - draft.at < LONGEST_DAYS * 86400000)) { forget(key); }
  });

  // Logging out: what can be saved is saved, the rest is asked about, then the computer keeps nothing.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset.leaves || form.dataset.left) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    var waiting = window.Drafts.beforeLeaving.length;
    function leave() {
      var mine = keys().filter(function (key) { return key.indexOf("draft/" + form.dataset.leaves + "/") === 0; });
      if (mine.length && !window.confirm("本机还留有没有保存到服务器的文字，退出后将从本机删除。确定退出？")) {
        return;
      }
      window.Drafts.isLeaving = true;
      mine.forEach(forget);
      form.dataset.left = "1";
      form.submit();
    }
    function oneDone() {
      waiting -= 1;
      if (waiting === 0) { leave(); }
    }
    if (!waiting) {
      leave();
      return;
    }
    window.Drafts.beforeLeaving.forEach(function (finish) { finish(oneDone); });
  }, true);

  // A text beyond the limit is told before it is sent: the answer to a form of many megabytes is an empty page.
  document.addEventListener("submit", function (event) {
    var boxes = event.target.querySelectorAll("textarea[data-longest]");
    for (var i = 0; i < boxes.length; i += 1) {
      var words = window.Drafts.tooLong(boxes[i]);
      if (words) {
        event.preventDefault();
        event.stopImmediatePropagation();
        window.alert(words);
        boxes[i].focus();
        return;
      }
    }
  }, true);
  window.Drafts.tooLong = function (box) {
    var longest = Number(box.dataset.longest);
    if (!longest || box.value.length <= longest) { return ""; }
    var letters = Array.from(box.value).length; // a rare character is one letter, as on the server
    if (letters <= longest) { return ""; }
    return "“" + box.dataset.label + "”有 " + letters.toLocaleString("zh-CN") + " 字，超过 "
      + longest.toLocaleString("zh-CN") + " 字的上限，没有发送。文字还在本页，请删减后重试。";
  };
})();
