/* The record page on a phone: what is typed stays on the phone until the server has said that it keeps it.

   Texts go to localStorage with every key, photos (made smaller first) to IndexedDB. A record that could not be
   sent is sent again by itself under the same key, so that it is never kept twice. Without this script the form
   works as any other. */
(function () {
  "use strict";

  var form = document.getElementById("record-form");
  if (!form || !window.fetch || !window.FormData || !window.localStorage) {
    return;
  }
  var NAME = "visit-draft-" + form.dataset.owner;
  var TRY_AGAIN_MS = 15000;
  var SHRINK_FROM_BYTES = 1500000;
  var LONGEST_SIDE = 1920;
  var MOST_PHOTOS = 9;
  var state = document.getElementById("record-state");
  var list = document.getElementById("photo-list");
  var button = form.querySelector("button[type=submit]");
  var fresh = form.elements.key.value; // the key that the server made for this page
  var photos = [];
  var busy = false;
  var waiting = false; // for the network: sent by the person, not yet acknowledged
  form.classList.add("visit-scripted");

  function say(words, tone) {
    state.hidden = !words;
    state.className = "notice" + (tone ? " notice-" + tone : "");
    state.textContent = words;
  }

  /* What was typed */

  function fields() {
    var typed = {};
    for (var i = 0; i < form.elements.length; i += 1) {
      var field = form.elements[i];
      if (!field.name || field.type === "file" || field.name === "csrfmiddlewaretoken") {
        continue;
      }
      if (field.type === "radio" || field.type === "checkbox") {
        if (field.checked) {
          typed[field.name] = (typed[field.name] || []).concat(field.value);
        }
      } else {
        typed[field.name] = field.value;
      }
    }
    return typed;
  }

  function chosenName() {
    var chosen = form.querySelector("input[name=organization]:checked");
    return chosen ? chosen.parentNode.textContent.trim() : "";
  }

  function keep() {
    try {
      localStorage.setItem(NAME, JSON.stringify({
        fields: fields(), unit: chosenName(), waiting: waiting, photos: photos.length, at: new Date().toISOString()
      }));
    } catch (full) {
      say("手机存储已满，内容不能存在本机，请尽快保存。", "warning");
    }
  }

  function draft() {
    try {
      return JSON.parse(localStorage.getItem(NAME));
    } catch (broken) {
      return null;
    }
  }

  function addUnit(value, name) {
    var label = document.createElement("label");
    var input = document.createElement("input");
    var words = document.createElement("span");
    label.className = "visit-choice";
    input.type = "radio";
    input.name = "organization";
    input.value = value;
    words.textContent = name;
    label.appendChild(input);
    label.appendChild(words);
    document.getElementById("found").appendChild(label);
  }

  function fill(kept) {
    var typed = kept.fields;
    var unit = (typed.organization || [])[0];
    var isThere = false;
    var i;
    var field;
    for (i = 0; i < form.elements.length; i += 1) {
      isThere = isThere || (form.elements[i].name === "organization" && form.elements[i].value === unit);
    }
    if (unit && !isThere) {
      addUnit(unit, kept.unit);
    }
    for (i = 0; i < form.elements.length; i += 1) {
      field = form.elements[i];
      if (!field.name || field.type === "file" || field.name === "csrfmiddlewaretoken") {
        continue;
      }
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = (typed[field.name] || []).indexOf(field.value) >= 0;
      } else if (typeof typed[field.name] === "string") {
        field.value = typed[field.name];
      }
    }
  }

  /* Photos */

  function withStore(mode, act) {
    return new Promise(function (done) {
      if (!window.indexedDB) {
        done(null);
        return;
      }
      var asked = indexedDB.open("visit-drafts", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore("photos"); };
      asked.onerror = function () { done(null); };
      asked.onsuccess = function () {
        var change = asked.result.transaction("photos", mode);
        var answer = act(change.objectStore("photos"));
        change.oncomplete = function () { asked.result.close(); done(answer.result); };
        change.onerror = function () { asked.result.close(); done(null); };
        change.onabort = change.onerror;
      };
    });
  }

  function keepPhotos() {
    return withStore("readwrite", function (store) { return store.put(photos, NAME); }).then(keep);
  }

  function showPhotos() {
    list.textContent = "";
    photos.forEach(function (photo, place) {
      var box = document.createElement("div");
      var picture = document.createElement("img");
      var remove = document.createElement("button");
      var reader = new FileReader();
      picture.alt = "照片 " + (place + 1);
      reader.onload = function () { picture.src = reader.result; };
      reader.readAsDataURL(photo);
      remove.type = "button";
      remove.textContent = "去掉";
      remove.addEventListener("click", function () {
        photos.splice(place, 1);
        showPhotos();
        keepPhotos();
      });
      box.appendChild(picture);
      box.appendChild(remove);
      list.appendChild(box);
    });
  }

  function isUprightHere() {
    return window.createImageBitmap && window.CSS && CSS.supports("image-orientation", "from-image");
  }

  /* Only what a camera made, and only where the browser turns it upright; the server draws it anew in any case. */
  function shrink(file) {
    if (file.type !== "image/jpeg" || file.size < SHRINK_FROM_BYTES || !isUprightHere()) {
      return Promise.resolve(file);
    }
    return createImageBitmap(file).then(function (drawn) {
      var scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(drawn.width * scale);
      canvas.height = Math.round(drawn.height * scale);
      canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (smaller) { done(smaller || file); }, "image/jpeg", 0.85);
      });
    }).catch(function () { return file; });
  }

  form.addEventListener("change", function (event) {
    if (event.target.type !== "file") {
      return;
    }
    var chosen = Array.prototype.slice.call(event.target.files);
    event.target.value = "";
    if (photos.length + chosen.length > MOST_PHOTOS) {
      say("最多 " + MOST_PHOTOS + " 张照片，多出的没有加入。", "warning");
      chosen = chosen.slice(0, MOST_PHOTOS - photos.length);
    }
    Promise.all(chosen.map(shrink)).then(function (ready) {
      photos = photos.concat(ready);
      showPhotos();
      keepPhotos();
    });
  });

  /* Sending */

  function forget() {
    localStorage.removeItem(NAME);
    return withStore("readwrite", function (store) { return store.delete(NAME); });
  }

  function content() {
    var sent = new FormData(form);
    sent.delete("photos");
    photos.forEach(function (photo, place) { sent.append("photos", photo, "photo" + (place + 1) + ".jpg"); });
    return sent;
  }

  function waitForNetwork() {
    waiting = true;
    keep();
    say("现在没有网络。内容和照片已存在本机，联网后自动送出；也可以稍后再打开本页。", "warning");
  }

  function settle(answer) {
    var isJson = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
    if (answer.status >= 500) {
      waitForNetwork();
      return null;
    }
    waiting = false;
    if (!isJson) {
      keep();
      say("登录已过期，没有存上。内容已存在本机：请重新登录后打开本页，会自动恢复。", "error");
      return null;
    }
    return answer.json().then(function (told) {
      if (told.url) {
        return forget().then(function () { window.location.assign(told.url); });
      }
      form.elements.key.value = told.key;
      keep();
      say(told.errors.join(" "), "error");
      state.scrollIntoView(false);
      return null;
    });
  }

  function send() {
    if (busy) {
      return;
    }
    busy = true;
    button.disabled = true;
    say("正在保存……");
    fetch(form.action, {
      method: "POST", body: content(), credentials: "same-origin", headers: { Accept: "application/json" }
    }).then(settle, waitForNetwork).then(function () {
      busy = false;
      button.disabled = false;
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    delete form.dataset.sent;
    keep();
    send();
  });
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  window.addEventListener("online", function () {
    if (waiting) {
      send();
    }
  });
  window.setInterval(function () {
    if (waiting) {
      send();
    }
  }, TRY_AGAIN_MS);

  function startAnew() {
    var link = document.createElement("button");
    link.type = "button";
    link.className = "btn btn-link btn-sm";
    link.textContent = "清空重写";
    link.addEventListener("click", function () {
      forget().then(function () { window.location.reload(); });
    });
    state.appendChild(link);
  }

  var kept = draft();
  if (kept && kept.fields && (kept.fields.seen || kept.photos) && form.dataset.givenBack === undefined) {
    fill(kept);
    form.elements.key.value = kept.fields.key || fresh;
    withStore("readonly", function (store) { return store.get(NAME); }).then(function (found) {
      photos = found || [];
      showPhotos();
      say("已恢复上次没有存上的内容。", "warning");
      startAnew();
      if (kept.waiting) {
        waiting = true;
        send();
      }
    });
  }
})();
