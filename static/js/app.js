/* Small comforts for every page; each form works without them. */
(function () {
  "use strict";

  // On a phone the menu starts folded.
  var nav = document.querySelector(".sidenav");
  if (nav && window.matchMedia("(max-width: 767px)").matches) {
    nav.removeAttribute("open");
  }

  // A second click on a submit button does nothing while the first is under way.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });

  // "data-confirm" asks before an act that cannot be taken back.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  // "data-print" prints the page.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });

  // Meters get their width here: no style attributes in the page (CSP).
  function fillMeters(root) {
    var meters = root.querySelectorAll("[data-meter]");
    for (var i = 0; i < meters.length; i += 1) {
      meters[i].style.width = meters[i].dataset.meter + "%";
    }
  }
  fillMeters(document);
  document.addEventListener("htmx:afterSwap", function (event) { fillMeters(event.target.parentNode || document); });

  // A part of the page that got no answer says so: a button that looks dead is pressed again, or believed.
  var unanswered = null;
  var notice = document.createElement("div");
  notice.className = "notice notice-error no-answer";
  notice.setAttribute("role", "alert");
  var closer = document.createElement("button");
  closer.type = "button";
  closer.className = "link-button";
  closer.textContent = "知道了";

  function requestOf(event) {
    var asked = event.detail.requestConfig;
    return asked ? asked.verb + " " + asked.path : null;
  }

  function wordsFor(status, asked, element) {
    if (status === 403) {
      return "登录已过期，或者您的权限有变动，刚才的操作没有保存。请另开一个窗口登录，再回到本页重试。";
    }
    if (status === 413) {
      return "内容太大，服务器没有接收，刚才的操作没有保存。";
    }
    if (status > 0 && status < 500) {
      return "刚才的操作没有完成。请刷新页面，看清最新情况后再试。";
    }
    var what = status ? "服务器暂时没有处理成功，" : "连接中断，";
    if (/^get /.test(asked)) {
      return what + "页面的这一部分没有更新，请稍后再试。";
    }
    return what + (element.matches("form, button") ? "刚才的操作可能没有保存。填写的内容还在本页上，请稍等片刻再试。"
      : "页面没有更新，也没有自动保存。填写的内容还在本页上，恢复后会接着更新。");
  }

  function sayUnanswered(event) {
    var status = event.detail.xhr ? event.detail.xhr.status : 0;
    var isToldElsewhere = event.detail.target && event.detail.target.id === "floor"; // the console has its own words
    var head = document.querySelector("#content > .page-head");
    if (!head || isToldElsewhere || status === 409 || status === 422) {
      return;
    }
    unanswered = requestOf(event);
    var form = event.detail.elt.closest("form");
    if (form) { delete form.dataset.sent; } // the next press is a new try
    notice.textContent = wordsFor(status, unanswered, event.detail.elt) + " ";
    notice.appendChild(closer);
    head.insertAdjacentElement("afterend", notice);
  }

  function forgetUnanswered() {
    unanswered = null;
    notice.remove();
  }

  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, sayUnanswered);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful && requestOf(event) === unanswered) { forgetUnanswered(); }
  });
  closer.addEventListener("click", forgetUnanswered);
})();
