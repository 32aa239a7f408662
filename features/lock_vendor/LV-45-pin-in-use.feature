@LV-45
Feature: Two guests never share a PIN

  Scenario: The PIN of another guest
    Given a guest with a PIN in force
    When another guest is to get the same PIN on the same lock
    Then the other guest gets a clear error or another PIN
    And the first guest's PIN still opens
