// What this device keeps until it is sent: entries of the logs, whose page was opened here, files that another app shared.
"use strict";
self.kept = (() => {
  const opened = () => new Promise((done, failed) => {
    const asked = indexedDB.open("recovery", 2);
    asked.onupgradeneeded = (event) => {
      if (event.oldVersion < 1) {
        asked.result.createObjectStore("entries", { keyPath: "id" });
        asked.result.createObjectStore("people", { keyPath: "base" });
      }
      asked.result.createObjectStore("shared", { keyPath: "base" });
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
    get: (store, key) => asked(store, "readonly", (found) => found.get(key)),
    remove: (store, key) => asked(store, "readwrite", (found) => found.delete(key)),
    all: async (store) => {
      const found = await asked(store, "readonly", (objects) => objects.getAll());
      return found.sort((one, other) => ((one.made ?? "") < (other.made ?? "") ? -1 : 1));
    },
  };
})();
