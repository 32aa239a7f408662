@LV-44
Feature: Wrong requests are refused and create nothing

  Scenario: A window that ends before it starts
    When a PIN is asked for with an end before its start
    Then it is refused as invalid
    And nothing was created

  Scenario: A window in the past
    When a PIN is asked for with a window in the past
    Then it is refused as invalid
    And nothing was created

  Scenario: A lock that does not exist
    When a PIN is asked for on an unknown lock
    Then it is refused as invalid or not found
    And nothing was created

  Scenario: A PIN that is too short
    Given the caller chooses the PIN
    When a PIN is asked for that is too short
    Then it is refused as invalid
    And nothing was created

  Scenario: A PIN that is too long
    Given the caller chooses the PIN
    When a PIN is asked for that is too long
    Then it is refused as invalid
    And nothing was created

  Scenario: A PIN with keys that the keypad does not have
    Given the caller chooses the PIN
    When a PIN is asked for with foreign keys
    Then it is refused as invalid
    And nothing was created

  Scenario: PINs that are too simple
    Given the caller chooses the PIN
    Then each PIN that breaks one declared rule is refused as invalid and creates nothing

  Scenario: Windows that are too short, too long, or have begun
    Then each window that breaks one declared rule is refused as invalid and creates nothing

  Scenario: A PIN that begins like another
    Given the caller chooses the PIN
    And the vendor tells PINs apart by their first four keys
    And a guest with a PIN in force
    When another guest is to get a PIN with the same first four keys
    Then it is refused as invalid or in use
    And nothing was created

  Scenario: A name that is on the lock already
    Given the vendor wants another name for each PIN on a lock
    And a guest with a PIN in force
    When another guest is to get a PIN of the same name
    Then it is refused as invalid or in use
    And the first guest's PIN still opens

  Scenario: A PIN that opens another lock of the account
    Given the caller chooses the PIN
    And the vendor gives a PIN once in the account
    And a guest with a PIN in force
    When another guest is to get the same PIN on another lock
    Then it is refused as invalid or in use
    And the first guest's PIN still opens
