// Light or dark: kept in a cookie, so that the server already sends the page as it is wanted.
document.addEventListener('click', event => {
  if (!event.target.closest('#theme')) {
    return;
  }
  const root = document.documentElement;
  const dark = root.dataset.theme === 'dark'
      || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'light' : 'dark';
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `evenstock-theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
});

// On a phone the list of pages is wider than the screen: the one that is open is in sight.
document.addEventListener('DOMContentLoaded', () => {
  const list = document.querySelector('.top nav ul');
  const open = list?.querySelector('[aria-current="page"]');
  if (open) {
    list.scrollLeft = open.offsetLeft - (list.clientWidth - open.offsetWidth) / 2;
  }
});

// A part of the page that could not be brought anew: the session is over, or the server was away.
document.addEventListener('DOMContentLoaded', () => window.faces?.ajax?.addOnError(() => location.reload()));

// The server tells no more: say so rather than show old figures as new.
function evenstockClosed(code) {
  const state = document.getElementById('live-state');
  if (state && code !== -1) {
    state.textContent = 'The page follows the night no more. Load it again to see how it stands.';
  }
}
