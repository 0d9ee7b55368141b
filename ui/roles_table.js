// The first rows of a file under headers that show, and change, the role of their column.
// Names and values come from files: they only ever become text, never markup.

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const picker = (column, data, tell) => {
  const select = make("select");
  select.setAttribute("aria-label", `${data.label}: ${column.name}`);
  for (const role of data.roles) {
    const option = make("option", "", role.word);
    option.value = role.id;
    option.selected = role.id === column.role;
    select.append(option);
  }
  select.addEventListener("change", () => tell(column, select.value));
  return select;
};

const header = (column, data, byId, tell) => {
  const role = byId[column.role];
  const cell = make("th", column.role);
  cell.scope = "col";
  if (role.colour) cell.style.setProperty("--own", role.colour);
  const line = make("div", "role");
  const icon = make("span", "icon", role.icon);
  icon.setAttribute("aria-hidden", "true");
  line.append(icon, picker(column, data, tell));
  const name = make("span", "name", column.name);
  name.title = column.name;
  const sure = make("span", "sure", column.sure || "\u00a0");
  if (column.why) sure.title = column.why;
  cell.append(line, name, sure);
  return cell;
};

const body = (data, byId) => {
  const rows = make("tbody");
  for (const values of data.rows) {
    const row = make("tr");
    values.forEach((value, place) => {
      const column = data.columns[place];
      const cell = make("td", value === null ? `${column.role} nothing` : column.role, value === null ? "–" : value);
      const colour = byId[column.role].colour;
      if (colour) cell.style.setProperty("--own", colour);
      if (value !== null && value.length > 24) cell.title = value;
      row.append(cell);
    });
    rows.append(row);
  }
  return rows;
};

export default function ({ parentElement, data, setTriggerValue }) {
  const frame = parentElement.querySelector(".frame");
  if (!frame || !data) return;
  const byId = Object.fromEntries(data.roles.map((role) => [role.id, role]));
  const focused = frame.getRootNode().activeElement?.getAttribute?.("aria-label");
  const [left, top] = [frame.scrollLeft, frame.scrollTop];
  const tell = (column, role) => setTriggerValue("role", { column: column.id, role });
  const table = make("table");
  const head = make("thead");
  const line = make("tr");
  line.append(...data.columns.map((column) => header(column, data, byId, tell)));
  head.append(line);
  table.append(head, body(data, byId));
  table.setAttribute("aria-label", data.title);
  frame.replaceChildren(table);
  frame.scrollLeft = left;
  frame.scrollTop = top;
  if (focused) [...frame.querySelectorAll("select")].find((s) => s.getAttribute("aria-label") === focused)?.focus();
}
