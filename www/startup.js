/*
 * Says why this page stays empty, and what to do, where its modules cannot say it: because they did not arrive,
 * or the browser is too old. It is a part of the page itself, and written for browsers of 2018.
 */
(function () {
  var said = false;
  /** @param {string} text */
  function say(text) {
    if (said) return;
    said = true;
    function show() {
      var notice = document.createElement('p');
      notice.className = 'notice failure';
      notice.setAttribute('role', 'alert');
      notice.textContent = text;
      (document.querySelector('main') || document.body).prepend(notice);
    }
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', show);
    else show();
  }

  // What the stylesheet needs: `light-dark()` is younger than all else that is used here.
  if (!window.CSS || !CSS.supports('color', 'light-dark(red, red)')) {
    say('This page needs a newer browser: Chrome or Edge 123, Firefox 120, Safari 17.5, or later.');
  }

  /** A program or a stylesheet did not arrive. @param {string} address */
  function missing(address) {
    var name = address.split('/').pop();
    if (location.protocol === 'file:') {
      return say(
        'This page does not work from a file: browsers load its programs from a web server only. Run ' +
          '“python3 -m http.server” in its folder, and open the address that this prints.',
      );
    }
    fetch(address).then(
      function (response) {
        var type = response.headers.get('content-type');
        if (!response.ok) {
          say(
            'The host of this page answered ' +
              response.status +
              ' for ' +
              name +
              '. There may be a new version: reload the page.',
          );
        } else if (!/javascript|css/.test(type || '')) {
          say('The host of this page sends ' + name + ' as ' + type + ': it must send text/javascript.');
        } else {
          say(
            'The browser has blocked ' +
              name +
              ': the Content-Security-Policy that the host of this page sends must allow its own scripts and styles.',
          );
        }
      },
      function () {
        say('The connection failed: reload the page.');
      },
    );
  }

  addEventListener(
    'error',
    function (event) {
      var part = event.target;
      var own = location.href.replace(/[^/]*([?#].*)?$/, '');
      if (part instanceof HTMLScriptElement) missing(part.src);
      else if (part instanceof HTMLLinkElement) missing(part.href);
      else if (event.filename && event.filename.indexOf(own) === 0 && !document.querySelector('.savable')) {
        say('This page could not start: ' + event.message + '. Reload it, or try another browser.');
      }
    },
    true,
  );
})();
