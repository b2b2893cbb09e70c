const share = document.getElementById("share"), said = document.getElementById("share-said");
const shares = [...document.querySelectorAll("#shares li")].map(one => one.textContent);
share.addEventListener("input", () => { said.textContent = shares[Number(share.value)]; });
