// What this device keeps until it is sent: entries of the logs, and whose page was opened here.
"use strict";
self.kept = (() => {
  const opened = () => new Promise((done, failed) => {
    const asked = indexedDB.open("recovery", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "id" });
      asked.result.createObjectStore("people", { keyPath: "base" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const asked = async (store, mode, what) => {
    const database = await opened();
    try {
      return await new Promise((done, failed) => {
        const transaction = database.transaction(store, mode);
        const request = what(transaction.objectStore(store));
        transaction.oncomplete = () => done(request.result);
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
    } finally {
      database.close();
    }
  };
  return {
    put: (store, value) => asked(store, "readwrite", (found) => found.put(value)),
    remove: (store, key) => asked(store, "readwrite", (found) => found.delete(key)),
    all: async (store) => {
      const found = await asked(store, "readonly", (objects) => objects.getAll());
      return found.sort((one, other) => ((one.made ?? "") < (other.made ?? "") ? -1 : 1));
    },
  };
})();
