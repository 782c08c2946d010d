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

// Asks each second whether the nights are as the page shows them, and brings that part anew if not. Without an answer that is
// said, rather than that old figures are shown as new; the session's end leads to the login.
document.addEventListener('DOMContentLoaded', () => {
  const pulse = document.querySelector('[data-pulse]')?.dataset.pulse;
  if (!pulse) {
    return;
  }
  const ask = async address => {
    const answer = await fetch(address, { headers: { 'Evenstock-Follow': '1' }, signal: AbortSignal.timeout(5000) });
    if (answer.status === 401) {
      throw 'over';
    }
    if (!answer.ok) {
      throw 'away';
    }
    return answer.text();
  };
  const look = async () => {
    if (await ask(pulse) !== document.querySelector('[data-mark]').dataset.mark) {
      const page = new DOMParser().parseFromString(await ask(location.href), 'text/html');
      document.getElementById('live').replaceWith(page.getElementById('live'));
    }
  };
  const say = words => {
    const state = document.getElementById('live-state');
    if (state.textContent !== words) {
      state.textContent = words;
    }
  };
  const follow = async () => {
    try {
      await look();
      say('This page follows the night by itself.');
    } catch (why) {
      if (why === 'over') {
        location.reload();
        return;
      }
      say('The server does not answer. This page follows the night again as soon as it does.');
    }
    setTimeout(follow, 1000);
  };
  follow();
});

// A chart shows columns of a table that stands on the page, in the page's own colours; both follow light and dark.
function evenstockChart(canvas) {
  const table = document.getElementById(canvas.dataset.of);
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows].slice(0, 40);
  const colour = name => {
    canvas.style.color = `var(--${name})`;
    return getComputedStyle(canvas).color;
  };
  const text = colour('muted');
  const line = colour('line');
  const stacked = canvas.dataset.kind === 'stacked';
  return new Chart(canvas, {
    type: 'bar',
    data: {
      labels: rows.map(row => row.cells[0].innerText || row.cells[0].textContent),
      datasets: heads.filter(head => head.dataset.series).map(head => ({
        label: head.textContent,
        data: rows.map(row => Number(row.cells[head.cellIndex].dataset.value)),
        backgroundColor: colour(head.dataset.series),
        maxBarThickness: 28,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      plugins: { legend: { labels: { color: text, boxWidth: 12 } } },
      scales: {
        x: { stacked, ticks: { color: text }, grid: { display: false }, border: { color: line } },
        y: { stacked, ticks: { color: text, precision: stacked ? 0 : undefined }, grid: { color: line }, border: { display: false } },
      },
    },
  });
}

document.addEventListener('DOMContentLoaded', () => {
  let charts = [];
  const draw = () => {
    charts.forEach(chart => chart.destroy());
    charts = [...document.querySelectorAll('canvas[data-of]')].map(evenstockChart);
  };
  draw();
  if (charts.length) {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }
});
